/* The filmstrip: asks for its frames once a second while any is under way, and changes only those
 * that look different, so that scroll, focus and pictures stay.
 *
 * new Strip(nav): insert(html) adds the frame that an upload was answered with; setCurrent(photoId)
 * marks the one on the stage; step(±1) opens the next; poll() asks now. A photo whose thumbnail the
 * server has not made yet shows the one made here: keep(photoId, address). */
import * as connection from "./connection.js";

const EVERY = 1000; // ms

export class Strip {
  #asking = false;
  #local = new Map();
  #wanted = new Map();

  constructor(nav) {
    this.nav = nav;
    this.current = this.list.querySelector("[aria-current]")?.dataset.photo || "";
    setInterval(() => { if (this.working) this.poll(); }, EVERY);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.working) this.poll(); });
    document.addEventListener("poll", () => this.poll());
    this.#reveal();
  }

  get list() {
    return document.getElementById("frames");
  }

  get working() {
    return this.list.querySelector("li[data-under-way]") !== null;
  }

  get links() {
    return [...this.list.querySelectorAll("a.frame")];
  }

  get #address() {
    const address = new URL(this.nav.dataset.href, location);
    address.searchParams.set("version", this.list.dataset.version);
    return address;
  }

  async poll() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const response = await fetch(this.#address, {
        headers: { "X-Requested-With": "fetch" },
        signal: AbortSignal.timeout(20_000),
      });
      if (response.status === 401) {
        connection.signedOut();
        return;
      }
      if (response.status >= 500) throw new Error(String(response.status));
      connection.reached();
      if (response.status !== 200) return;
      const html = await response.text();
      this.#keepInSight(() => this.#merge(html));
    } catch {
      connection.lost(); // asked again in a second
    } finally {
      this.#asking = false;
    }
  }

  insert(html) {
    const frame = parsed(html).querySelector("li");
    document.getElementById(frame.id)?.remove();
    this.#keepInSight(() => this.list.prepend(frame));
    this.list.dataset.version = "";
    this.#adopt(frame);
    return frame;
  }

  keep(photoId, address) {
    this.#local.set(photoId, address);
  }

  setCurrent(photoId) {
    if (photoId === this.current && this.list.querySelector("[aria-current]")) return;
    this.current = photoId;
    this.#mark();
    this.#reveal();
  }

  step(by) {
    const { links } = this;
    const at = links.findIndex((link) => link.dataset.photo === this.current);
    const next = links[at + by];
    if (!next) return;
    this.setCurrent(next.dataset.photo); // at once, so that a held key runs along the strip
    if (document.activeElement?.closest?.("#frames")) next.focus({ preventScroll: true });
    next.click();
  }

  remove(photoId) {
    document.getElementById(`frame-${photoId}`)?.remove();
    this.list.dataset.version = "";
  }

  #merge(html) {
    const incoming = parsed(html);
    const list = incoming.querySelector("#frames");
    this.list.dataset.version = list.dataset.version;
    const kept = new Set();
    let place = this.list.firstElementChild;
    for (const fresh of [...list.children]) {
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
    document.getElementById("strip-summary").replaceWith(incoming.querySelector("#strip-summary"));
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
    ready.decode().catch(() => {}).then(put);
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
    const blank = frame.querySelector(".blank");
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
    const [reel, frame] = [this.list.parentElement, link].map((one) => one.getBoundingClientRect());
    const middle = (frame.left + frame.right) / 2;
    return middle > reel.left && middle < reel.right;
  }

  /* At once: a smooth scroll would be lost to the next change of the frames. */
  #reveal() {
    this.list.querySelector("[aria-current]")?.scrollIntoView({ behavior: "instant", block: "nearest", inline: "nearest" });
  }
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
