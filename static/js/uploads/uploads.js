/* Photos on their way in: each file its own request with its own progress, three at a time.
 *
 * However they arrive, those that were given together lie on the desk in the order of their names, with
 * numbers read as numbers: each says beside which one it belongs. So the first goes alone until it is there.
 *
 * new Uploads({desk, options, strip}): add(files) starts them with the options as they are now.
 * Events: "started" (detail {file}) when a batch begins, "progress" (detail {file, percent}) of its
 * first file, "arrived" (detail {url, photo, first}) for each that came in, "emptied" when none is
 * left. A file that was refused or lost stays here: failures.js shows why, with "Try again".
 * Leaving the page meanwhile is asked about. */
import { token } from "../core/csrf.js";
import { figure, phrase } from "../core/words.js";
import { Failures } from "./failures.js";
import { makeThumbnail } from "./thumbnails.js";

const AT_ONCE = 3;
// Signed out, no credits, no room in the plan or no right, no room on the disk.
const FOR_ALL = [401, 402, 403, 507];
const PAUSE = 5; // seconds, where the studio does not say how long
const SHOWN = 12; // frames of photos on their way
const PICTURE_NAMES =
  /\.(jpe?g|png|webp|avif|bmp|tiff?|hei[cf]|dng|cr[23]|nef|arw|raf|orf|rw2|pef|srw|rgb|sgi)$/i;

const SIGNED_OUT = gettext("You were signed out. Sign in in a new tab, then press Try again.");
const LOST = gettext("The connection was lost before it arrived. Check it, then press Try again.");
const BROKEN = gettext("Something broke on our side. Press Try again in a moment.");
/** @param {number} count */
const FULL = (count) =>
  phrase(
    ngettext(
      "%(count)s photo waits for room in your plan and goes on by itself. Leave this page open.",
      "%(count)s photos wait for room in your plan and go on by themselves. Leave this page open.",
      count,
    ),
    { count },
  );
/** @param {number} count */
const OFFLINE = (count) =>
  phrase(
    ngettext(
      "The connection is lost. %(count)s photo waits for it and goes on by itself. Leave this page open.",
      "The connection is lost. %(count)s photos wait for it and go on by themselves. Leave this page open.",
      count,
    ),
    { count },
  );
const order = new Intl.Collator(undefined, { numeric: true });
const NO_PICTURE = gettext(
  "This file is not a picture we can read. Use JPG, PNG, WebP, BMP, TIFF, HEIC or camera raw.",
);

export class Uploads extends EventTarget {
  #waiting = [];
  #running = new Set();
  #failed = new Set();
  /** @type {(() => void) | null} ends what all wait for */
  #held = null;
  #careful = false; // one at a time, until one arrived

  constructor({ desk, options, strip }) {
    super();
    this.desk = desk;
    this.options = options;
    this.strip = strip;
    this.list = document.getElementById("uploads");
    this.form = /** @type {HTMLFormElement} */ (document.getElementById("upload"));
    this.failures = new Failures(
      (upload) => this.#again(upload),
      (upload) => this.#dismiss(upload),
    );
    addEventListener("beforeunload", (event) => {
      if (this.busy || this.failures.kept) event.preventDefault();
    });
  }

  get busy() {
    return this.#running.size + this.#waiting.length > 0;
  }

  add(files) {
    const given = [...files].sort((one, other) => order.compare(intake.pathOf(one), intake.pathOf(other)));
    if (!given.length) return;
    const fields = this.#fields();
    const batch = { arrived: new Map() }; // by place: the photo that the file there has become
    const uploads = given.map((file, place) => ({
      file,
      fields,
      batch,
      place,
      first: place === 0,
      frame: null,
      percent: 0,
    }));
    for (const upload of uploads) {
      const refusal = this.#refusal(upload.file);
      if (refusal) this.#fail(upload, refusal, false);
      else this.#waiting.push(upload);
    }
    const first = uploads.find((upload) => this.#waiting.includes(upload));
    if (first) {
      first.first = true;
      this.dispatchEvent(new CustomEvent("started", { detail: { file: first.file } }));
    }
    this.#next();
  }

  /* The options at this moment, for every file of the batch. */
  #fields() {
    const tool = ["tool", this.form.elements.tool.value];
    if (this.desk.dataset.tool !== "cutout") return [tool]; // the photo is kept; its work is ordered later
    const fields = [...new FormData(this.options)].filter(([name]) => name !== "csrfmiddlewaretoken");
    return [...fields, tool];
  }

  /* What the server would say, without sending 300 MB first. */
  /** @param {File} file */
  #refusal(file) {
    const most = Number(this.desk.dataset.maxBytes);
    if (!file.size) return gettext("This file is empty. Choose it again, or export the photo once more.");
    if (file.size <= most) return ""; // what it is, its content says: the server names it
    if (!file.type.startsWith("image/") && !PICTURE_NAMES.test(file.name)) return NO_PICTURE;
    return phrase(
      gettext("This file has %(size)s MB; a photo may have %(most)s. Save it smaller, for example as JPG."),
      { size: figure(Math.round((file.size / 2 ** 20) * 10) / 10), most: figure(most / 2 ** 20) },
    );
  }

  /* The first of them have a frame in the strip, the others are a number: there may be hundreds. */
  #show() {
    const coming = [...this.#running, ...this.#waiting];
    const shown = [...coming.slice(0, SHOWN), ...[...this.#failed].slice(0, SHOWN)];
    const frames = shown.map((upload) => (upload.frame ||= this.#frame(upload.file)));
    for (const frame of [...this.list.children]) if (!frames.includes(frame)) frame.remove();
    for (const [at, frame] of frames.entries()) {
      if (this.list.children[at] !== frame) this.list.insertBefore(frame, this.list.children[at] || null);
    }
    for (const upload of shown) this.#dress(upload);
    const more = coming.length + this.#failed.size - shown.length;
    if (!more) return;
    const tile = document.createElement("li");
    tile.className = "frame upload-more numbers";
    tile.textContent = `+${more}`;
    tile.title = phrase(ngettext("%(count)s more file", "%(count)s more files", more), { count: more });
    this.list.append(tile);
  }

  #dress({ frame, file, percent, sentence }) {
    frame.title = sentence ? `${file.name}: ${sentence}` : file.name;
    frame.querySelector("progress").hidden = Boolean(sentence);
    frame.querySelector("progress").value = percent;
    frame.querySelector(".dot").hidden = !sentence;
  }

  /** @param {File} file */
  #frame(file) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("upload-frame"));
    const frame = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    frame
      .querySelector("progress")
      .setAttribute("aria-label", phrase(gettext("Uploading %(name)s"), { name: file.name }));
    makeThumbnail(file, () => frame.isConnected).then((address) => {
      if (!address) return;
      frame.dataset.thumbnail = address;
      const image = frame.querySelector("img");
      image.src = address;
      image.className = "cover";
      image.hidden = false;
    });
    return frame;
  }

  #next() {
    while (!this.#held && this.#running.size < (this.#careful ? 1 : AT_ONCE)) {
      const next = this.#waiting.findIndex(({ batch }) => batch.arrived.size || !this.#sends(batch));
      if (next < 0) break;
      this.#send(this.#waiting.splice(next, 1)[0]);
    }
    if (!this.#waiting.length && !this.#held) this.failures.stopWaiting();
    this.#show();
    if (!this.busy) this.dispatchEvent(new Event("emptied"));
  }

  #sends(batch) {
    return [...this.#running].some((upload) => upload.batch === batch);
  }

  #send(upload) {
    this.#running.add(upload);
    const body = new FormData();
    for (const [name, value] of upload.fields) body.append(name, value);
    for (const [place, photo] of [...upload.batch.arrived].slice(0, 1)) {
      body.append("beside", photo);
      body.append("further", String(upload.place - place));
    }
    body.append("photo", upload.file, upload.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", this.desk.dataset.upload);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => this.#progress(upload, event));
    request.addEventListener("load", () => this.#settle(upload, request));
    for (const lost of ["error", "abort"])
      request.addEventListener(lost, () => {
        if (navigator.onLine) this.#fail(upload, LOST, true);
        else this.#hold(upload, LOST, OFFLINE, 0);
      });
    request.send(body);
  }

  #progress(upload, event) {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    upload.percent = percent;
    this.#dress(upload);
    if (upload.first)
      this.dispatchEvent(new CustomEvent("progress", { detail: { file: upload.file, percent } }));
  }

  #settle(upload, request) {
    if (request.status === 201) {
      this.#finish(upload, request);
    } else if (request.status === 429) {
      const seconds = Number(request.getResponseHeader("Retry-After")) || PAUSE;
      this.#hold(upload, plain(request) || BROKEN, FULL, seconds);
    } else if (FOR_ALL.includes(request.status)) {
      this.#holdBack(upload, plain(request) || SIGNED_OUT);
    } else if (request.status < 500) {
      this.#fail(upload, plain(request) || BROKEN, request.status === 408 || !plain(request));
    } else {
      this.#fail(upload, BROKEN, true);
    }
  }

  #finish(upload, request) {
    const photo = request.getResponseHeader("X-Photo");
    this.#careful = false;
    if (upload.frame.dataset.thumbnail) this.strip.keep(photo, upload.frame.dataset.thumbnail);
    this.strip.insert(request.responseText, this.#before(upload));
    upload.batch.arrived.set(upload.place, photo);
    this.#running.delete(upload);
    this.dispatchEvent(
      new CustomEvent("arrived", {
        detail: { photo, url: request.getResponseHeader("X-Photo-URL"), first: upload.first },
      }),
    );
    this.#next();
  }

  /* The photo that has arrived of the same batch and lies next before it; "" where it is the first. */
  #before({ batch, place }) {
    const before = [...batch.arrived.keys()].filter((other) => other < place);
    return before.length ? batch.arrived.get(Math.max(...before)) : "";
  }

  /* What passes by itself is waited for: so many seconds, or with 0 for the connection. Then one goes first.
   * sentence: why each of them is not there, should one not want to wait. about: what is said meanwhile. */
  /**
   * @param {string} sentence
   * @param {(count: number) => string} about
   */
  #hold(upload, sentence, about, seconds) {
    this.#running.delete(upload);
    upload.percent = 0;
    this.#waiting.unshift(upload);
    if (!this.#held) {
      const goOn = () => {
        this.#held?.();
        this.#next();
      };
      const timer = seconds && setTimeout(goOn, 1000 * seconds);
      if (!timer) addEventListener("online", goOn);
      this.#careful = true;
      this.#held = () => {
        clearTimeout(timer);
        removeEventListener("online", goOn);
        this.#held = null;
      };
    }
    this.failures.wait(about(this.#waiting.length), () => {
      this.#held?.();
      this.failures.stopWaiting();
      const first = this.#waiting.shift();
      if (first) this.#holdBack(first, sentence);
    });
    this.#show();
  }

  /* What stands against one stands against all that wait, and none of them is sent in vain. */
  /** @param {string} sentence */
  #holdBack(upload, sentence) {
    for (const other of this.#waiting.splice(0)) {
      other.sentence = sentence;
      this.#failed.add(other);
      this.failures.show(other, sentence, true);
    }
    this.#fail(upload, sentence, true);
  }

  /** @param {string} sentence */
  #fail(upload, sentence, retryable) {
    this.#running.delete(upload);
    this.#failed.add(upload);
    upload.sentence = sentence;
    this.failures.show(upload, sentence, retryable);
    this.#next();
  }

  #again(upload) {
    this.#failed.delete(upload);
    Object.assign(upload, { sentence: "", percent: 0 });
    this.#waiting.push(upload);
    this.#next();
  }

  #dismiss(upload) {
    if (upload.frame?.dataset.thumbnail) URL.revokeObjectURL(upload.frame.dataset.thumbnail);
    this.#failed.delete(upload);
    this.#show();
  }
}

function plain(request) {
  const type = request.getResponseHeader("Content-Type") || "";
  return type.startsWith("text/plain") ? request.responseText.trim() : "";
}
