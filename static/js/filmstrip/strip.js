/* The filmstrip: asks for its frames once a second while any is under way, and changes only those
 * that look different, so that scroll, focus and pictures stay.
 *
 * A desk may have thousands of photos: the list holds the frames that are near what is seen, room is
 * left for the others, and they are asked for when they come near.
 *
 * new Strip(nav): insert(html, before) adds the frame that an upload was answered with, after that of a photo
 * or at the beginning; setCurrent(photoId)
 * marks the one on the stage; step(±1) opens the next, open(photoId) any; poll() asks now. A photo whose thumbnail the
 * server has not made yet shows the one made here: keep(photoId, address). Event: "change", whenever
 * other frames or other sums are there. */
import * as connection from "../desk/connection.js";

const EVERY = 1000; // ms
const PITCH = 84; // px from frame to frame, until one can be measured

export class Strip extends EventTarget {
  run = null; // of a held key, see browser-history.js
  #asking = null;
  #looking = 0;
  #stepping = false;
  #ahead = ""; // the photo that a key asked for last, until it is there
  #local = new Map();
  #wanted = new Map();

  constructor(nav) {
    super();
    this.nav = nav;
    this.reel = nav.querySelector(".reel");
    this.current = this.list.querySelector("[aria-current]")?.dataset.photo || "";
    setInterval(() => {
      if (this.working) this.poll();
    }, EVERY);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.poll();
    });
    document.addEventListener("poll", () => this.poll());
    this.list.addEventListener("click", (event) => {
      if (!event.isTrusted) return;
      this.run = null;
      this.#ahead = "";
    });
    document.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.elt.dataset?.photo === this.#ahead) this.#ahead = "";
    });
    this.nav.addEventListener("click", (event) => {
      const { needy } = event.target.closest("[data-needy]")?.dataset || {};
      if (!needy || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(needy);
    });
    this.reel.addEventListener("scroll", () => this.#lookSoon(), { passive: true });
    new ResizeObserver(() => {
      this.#lay();
      this.#lookSoon();
    }).observe(this.reel);
    this.#lay();
    this.#reveal();
  }

  get list() {
    return document.getElementById("frames");
  }

  get working() {
    return Number(this.list.dataset.working) > 0;
  }

  get total() {
    return Number(this.list.dataset.total);
  }

  /* How the open photo's frame is, wherever in the strip that is; nothing where it is not on the desk. */
  get openKey() {
    return this.list.dataset.open;
  }

  get start() {
    return Number(this.list.dataset.start);
  }

  get links() {
    return [...this.list.querySelectorAll("a.frame")];
  }

  // -- What is near ----------------------------------------------------------------------------------

  get #pitch() {
    const frame = /** @type {HTMLElement} */ (this.list.firstElementChild);
    return frame?.offsetWidth
      ? frame.offsetWidth + parseFloat(getComputedStyle(this.list).columnGap || "0")
      : PITCH;
  }

  /* The first frame that is seen, and how many are at once. */
  get #seen() {
    const pitch = this.#pitch;
    const left = this.reel.scrollLeft - this.list.offsetLeft;
    return {
      first: Math.max(0, Math.floor(left / pitch)),
      count: Math.ceil(this.reel.clientWidth / pitch) + 1,
    };
  }

  /* A screenful before and one after what is seen. */
  get #near() {
    const { first, count } = this.#seen;
    return { from: Math.max(0, Math.min(first, this.total - count) - count), count: 3 * count };
  }

  get #covered() {
    const { first, count } = this.#seen;
    const end = this.start + this.list.childElementCount;
    const from = Math.max(0, Math.min(first, this.total - count));
    return this.start <= Math.max(0, from - count / 2) && end >= Math.min(this.total, from + 1.5 * count);
  }

  #lookSoon() {
    this.#looking ||= requestAnimationFrame(() => {
      this.#looking = 0;
      if (!this.#covered) this.poll();
    });
  }

  /* Room for the frames that are not in the list, which is also said to who cannot see it. */
  #lay() {
    const pitch = this.#pitch;
    for (const [at, frame] of [...this.list.children].entries()) {
      frame.setAttribute("aria-setsize", String(this.total));
      frame.setAttribute("aria-posinset", String(this.start + at + 1));
    }
    const after = this.total - this.start - this.list.childElementCount;
    this.list.style.paddingLeft = `${Math.max(0, this.start) * pitch}px`;
    this.list.style.paddingRight = `${Math.max(0, after) * pitch}px`;
  }

  // -- Asking ----------------------------------------------------------------------------------------

  /* One question at a time; what is near may be another by the time that one was answered. */
  async poll() {
    if (this.#asking) return;
    await this.#ask(this.#near);
    if (!this.#covered) this.#lookSoon();
  }

  async #ask(wanted) {
    while (this.#asking) await this.#asking;
    this.#asking = this.#fetch(wanted);
    try {
      await this.#asking;
    } finally {
      this.#asking = null;
    }
  }

  async #fetch(wanted) {
    const address = new URL(this.nav.dataset.href, location.href);
    const { dataset } = this.list;
    for (const [name, value] of Object.entries({ ...wanted, open: this.current, version: dataset.version })) {
      address.searchParams.set(name, value);
    }
    try {
      const response = await fetch(address, {
        headers: { "X-Requested-With": "fetch" },
        signal: AbortSignal.timeout(20_000),
      });
      if (response.status === 401) {
        connection.showSignedOut();
        return;
      }
      if (response.status >= 500) throw new Error(String(response.status));
      connection.showReached();
      if (response.status !== 200) return;
      const html = await response.text();
      this.#keepInSight(() => this.#merge(html));
      this.dispatchEvent(new Event("change"));
    } catch {
      connection.showLost(); // asked again in a second
    }
  }

  // -- What the page does with it ----------------------------------------------------------------------

  /**
   * @param {string} html
   * @param {string} before
   */
  insert(html, before = "") {
    const frame = parse(html).querySelector("li");
    document.getElementById(frame.id)?.remove();
    const { dataset } = this.list;
    dataset.total = String(this.total + 1);
    if (frame.hasAttribute("data-under-way")) dataset.working = String(Number(dataset.working) + 1);
    dataset.version = "";
    const last = before && document.getElementById(`frame-${before}`);
    if (last) {
      this.#keepInSight(() => last.after(frame));
      this.#adopt(frame);
      this.#drop();
      this.#lay();
    } else if (before) {
      this.#lay(); // beyond what is near
      this.poll();
    } else if (this.start > 0) {
      dataset.start = String(this.start + 1); // it is far from what is seen
      this.#lay();
    } else {
      this.#keepInSight(() => this.list.prepend(frame));
      this.#adopt(frame);
      this.#drop();
      this.#lay();
    }
    this.dispatchEvent(new Event("change"));
  }

  /* What comes in must not pile up at the other end. */
  #drop() {
    const most = this.#near.count + this.#seen.count;
    while (this.list.childElementCount > most) this.list.lastElementChild.remove();
  }

  /**
   * @param {string} photoId
   * @param {string} address
   */
  keep(photoId, address) {
    this.#local.set(photoId, address);
  }

  /** @param {string} photoId */
  async setCurrent(photoId) {
    if (photoId === this.current && this.list.querySelector("[aria-current]")) return;
    this.current = photoId;
    this.#mark();
    if (photoId && !this.list.querySelector("[aria-current]")) await this.#bring(photoId);
    this.#reveal();
  }

  /* A photo is on the stage. One that comes when a key has asked for the next already does not take the mark back. */
  /** @param {string} photoId */
  show(photoId) {
    if (!this.#ahead || this.#ahead === photoId) this.setCurrent(photoId);
  }

  /* Open a photo wherever it is on the desk; then the sums are asked for, which name the next that needs a look. */
  /** @param {string} photoId */
  async open(photoId) {
    this.#ahead = "";
    await this.setCurrent(photoId);
    this.links.find((link) => link.dataset.photo === photoId)?.click();
    await this.poll();
  }

  /* Have the frames around a photo in the list, if it is on the desk. */
  /** @param {string} photoId */
  async #bring(photoId) {
    await this.#ask({ around: photoId, count: this.#near.count });
    this.#mark();
  }

  /* held: whether a key that is held down asks for one more. */
  async step(by, held = false) {
    if (this.#stepping) return;
    this.run = held ? this.run || {} : {};
    this.#stepping = true;
    try {
      if (!this.#beside(by) && this.current) await this.#bring(this.current);
    } finally {
      this.#stepping = false;
    }
    const next = this.#beside(by);
    if (!next) return;
    this.#ahead = next.dataset.photo;
    this.setCurrent(this.#ahead); // at once, so that a held key runs along the strip
    if (document.activeElement?.closest?.("#frames")) next.focus({ preventScroll: true });
    next.click();
  }

  #beside(by) {
    const { links } = this;
    const at = links.findIndex((link) => link.dataset.photo === this.current);
    return at < 0 ? null : links[at + by];
  }

  /** @param {string} html */
  #merge(html) {
    const incoming = parse(html);
    const list = incoming.querySelector("#frames");
    Object.assign(this.list.dataset, list.dataset);
    const kept = new Set();
    let place = this.list.firstElementChild;
    for (const fresh of list.querySelectorAll("#frames > li")) {
      kept.add(fresh.id);
      let frame = document.getElementById(fresh.id);
      if (!frame) {
        frame = fresh;
        this.list.insertBefore(frame, place);
        this.#adopt(frame);
      } else {
        if (frame !== place) this.list.insertBefore(frame, place);
        if (frame.dataset.key !== fresh.dataset.key) this.#change(frame, fresh);
      }
      place = frame.nextElementSibling;
    }
    for (const frame of [...this.list.children]) if (!kept.has(frame.id)) frame.remove();
    for (const id of ["strip-summary", "credits"]) {
      const [old, fresh] = [document.getElementById(id), incoming.getElementById(id)];
      if (old && fresh && !old.isEqualNode(fresh)) old.replaceWith(fresh);
    }
    this.#lay();
    this.#mark();
  }

  /* The frame itself stays, with its focus; what is in it changes once its picture can be shown. */
  #change(frame, fresh) {
    frame.dataset.key = fresh.dataset.key;
    frame.toggleAttribute("data-under-way", fresh.hasAttribute("data-under-way"));
    const [link, next] = [frame.querySelector("a"), fresh.querySelector("a")];
    link.setAttribute("aria-label", next.getAttribute("aria-label"));
    const [old, image] = [link.querySelector("img"), next.querySelector("img")];
    const put = () => {
      if (this.#wanted.get(frame.id) !== fresh) return; // a later answer came first
      this.#wanted.delete(frame.id);
      link.className = next.className;
      link.replaceChildren(...next.childNodes);
      this.#picture(frame);
      this.#mark();
    };
    this.#wanted.set(frame.id, fresh);
    if (!image || image.src === old?.src) {
      if (image && old) image.replaceWith(old);
      put();
      return;
    }
    const ready = new Image();
    ready.src = image.src;
    ready
      .decode()
      .catch(() => {})
      .then(put);
  }

  #adopt(frame) {
    htmx.process(frame);
    this.#picture(frame);
    this.#mark();
  }

  /* Until the server has a thumbnail, the one from the upload; afterwards its memory is freed. */
  #picture(frame) {
    const id = frame.querySelector("a").dataset.photo;
    const address = this.#local.get(id);
    if (!address) return;
    const blank = frame.querySelector(".blank, [data-as-it-came]");
    if (!blank) {
      URL.revokeObjectURL(address);
      this.#local.delete(id);
      return;
    }
    const image = new Image(72, 72);
    image.alt = "";
    image.className = "cover";
    image.src = address;
    blank.replaceWith(image);
  }

  #mark() {
    for (const link of this.links) {
      if (link.dataset.photo === this.current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /* What comes before the open photo, or what is said beside the strip, must not push it out of sight. */
  #keepInSight(change) {
    const current = this.list.querySelector("[aria-current]");
    const seen = current && this.#sees(current);
    change();
    if (seen) this.#reveal();
  }

  #sees(link) {
    const [reel, frame] = [this.reel, link].map((one) => one.getBoundingClientRect());
    const middle = (frame.left + frame.right) / 2;
    return middle > reel.left && middle < reel.right;
  }

  /* At once: a smooth scroll would be lost to the next change of the frames. */
  #reveal() {
    this.list
      .querySelector("[aria-current]")
      ?.scrollIntoView({ behavior: "instant", block: "nearest", inline: "nearest" });
  }
}

/** @param {string} html */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
