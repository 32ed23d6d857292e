/* Where the product stands: in which picture, how large, as it was put or as the scene has it.
 *
 * placing.frame = {width, height, horizon} of the picture; place = [x, y, scale] as the engine takes
 * it: the middle of the product's lower edge as shares of the picture, its longer side as a share of the
 * picture's shorter one. The studio says what suits a scene (form's data-framing); what was put is kept
 * per product until the window is closed. Events: "change", and "scene" where another way to make
 * the picture was chosen. */
import { History } from "../../core/undo-history.js";

export const SCALES = [0.05, 2];
const MOST_SEED = 2 ** 31 - 1;
const PATIENCE = 120; // ms, so that typing does not ask for every letter

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

export class Placing extends EventTarget {
  product = null;
  frame = { width: 1024, height: 1024, horizon: 0.55 };
  usual = [0.5, 0.8, 0.6];
  history = new History(null);
  arranging = false;
  locked = false;
  #ground = null; // the photo of one's own that is the scene
  #key = "";
  #put = null;
  #asking = new AbortController();
  #waiting = 0;

  #made; // where the picture in view has it, null for automatic; undefined where nothing was made yet

  /** @param {HTMLFormElement} form */
  constructor(form) {
    super();
    this.form = form;
    form.addEventListener("shown", ({ detail: { values, task } }) =>
      this.#follow(task ? values.place : undefined),
    );
    const { task = "", values = {} } = JSON.parse(document.getElementById("made")?.textContent || "{}");
    this.#follow(task ? values.place : undefined);
    this.vary();
    form.addEventListener("input", (event) => this.#noteChange(event.target.name));
    form.addEventListener("change", (event) => this.#noteChange(event.target.name));
  }

  get way() {
    return this.form.elements.by.value || "scene";
  }

  get editable() {
    return this.arranging && !this.locked && Boolean(this.product?.seeThrough);
  }

  get floor() {
    return Number(this.form.elements.floor.value);
  }

  get place() {
    if (this.#put) return this.#put;
    if (this.way !== "photo") return this.usual;
    // As the engine does: on the floor, and no taller than what is above it.
    const [x, , scale] = this.usual;
    const { frame, product, floor } = this;
    const part = product ? product.box.height / Math.max(product.box.width, product.box.height) : 1;
    const tall = (part * scale * Math.min(frame.width, frame.height)) / frame.height;
    const room = Math.max(floor - 0.04, 0.06);
    return [x, floor, Math.max(SCALES[0], tall > room ? (scale * room) / tall : scale)];
  }

  /* Whether somebody put it there. */
  get put() {
    return this.#put !== null;
  }

  get horizon() {
    return this.frame.horizon;
  }

  /* The product's box in the picture's pixels. */
  get box() {
    const {
      frame,
      product,
      place: [x, y, scale],
    } = this;
    const unit =
      (scale * Math.min(frame.width, frame.height)) / Math.max(product.box.width, product.box.height);
    const [width, height] = [product.box.width * unit, product.box.height * unit];
    return { x: x * frame.width - width / 2, y: y * frame.height - height, width, height, unit };
  }

  open(key, product) {
    this.#key = `place ${key}`;
    this.product = product;
    this.#put = this.#made === undefined ? loadPlace(this.#key) : this.#made;
    this.history = new History(this.#put);
    this.#say();
    this.ask();
  }

  /* Another picture came up: the product stands as it does there. */
  #follow(place) {
    this.#made = place === undefined ? undefined : place ? place.split(",").map(Number) : null;
    if (this.#made === undefined || !this.product) return;
    this.#put = this.#made;
    this.history = new History(this.#put);
    this.#say();
    this.ask();
  }

  close() {
    this.product = null;
    this.#put = null;
    this.#say();
  }

  /* Show a place that is not settled yet, as while a hand moves it. */
  show(place) {
    const [x, y, scale] = place;
    this.#put = [clamp(x, 0, 1), clamp(y, 0, 1), clamp(scale, ...SCALES)];
    this.#say();
  }

  set(place, tag = "") {
    if (!this.editable) return;
    this.show(place);
    this.settle(tag);
  }

  settle(tag = "") {
    this.history.push(this.#put, tag);
    this.#keep();
    this.#say();
  }

  automatic() {
    if (!this.editable || !this.#put) return;
    this.#put = null;
    this.settle();
  }

  /* To what it was before it was shown elsewhere. */
  revert(place) {
    this.#put = place;
    this.#say();
  }

  undo() {
    if (!this.editable || !this.history.canUndo) return;
    this.#put = this.history.undo();
    this.#keep();
    this.#say();
  }

  redo() {
    if (!this.editable || !this.history.canRedo) return;
    this.#put = this.history.redo();
    this.#keep();
    this.#say();
  }

  /* Its shape is the picture's, unless one was chosen. */
  /** @param {PhotoLayer} photo */
  standOn(photo) {
    this.#ground = photo;
    this.dispatchEvent(new Event("change"));
    this.ask();
  }

  /* Another seed: the next order is another variation, and this is the one that is shown. */
  vary() {
    this.form.elements.seed.value = String(Math.floor(Math.random() * MOST_SEED));
    this.ask();
  }

  /** @param {number} share */
  setFloor(share) {
    this.form.elements.floor.value = clamp(share, 0.05, 1).toFixed(3);
    this.dispatchEvent(new Event("change"));
  }

  /* Ask the studio where the product would stand; what is shown stays until it says. */
  async ask() {
    if (!this.product) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const address = new URL(this.form.dataset.framing, location.href);
    for (const [name, value] of Object.entries(this.#question())) address.searchParams.set(name, value);
    try {
      const response = await fetch(address, { signal, headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) return;
      const { width, height, horizon, usual } = await response.json();
      if (signal.aborted) return;
      this.frame = { width, height, horizon };
      this.usual = usual;
      this.dispatchEvent(new Event("change"));
    } catch {
      /* gone on, or out of reach: connection.js says the latter */
    }
  }

  #question() {
    const { elements } = this.form;
    const { picture, box, stance } = this.product;
    const shape = this.#ground || picture;
    const question = {
      ...stance,
      width: shape.width,
      height: shape.height,
      product_width: Math.max(1, Math.round(box.width)),
      product_height: Math.max(1, Math.round(box.height)),
      aspect: elements.aspect.value,
      copy_space: elements.copy_space.value,
      size_cm: elements.size_cm.value,
      seed: elements.seed.value,
    };
    if (this.way === "scene") {
      /** @type {HTMLInputElement} */
      const scene = this.form.querySelector('[name="scene_type"]:checked');
      question.scene_type = scene?.value || "";
    }
    if (this.way === "words") question.prompt = elements.prompt.value;
    return question;
  }

  /** @param {string} name */
  #noteChange(name) {
    if (["by", "scene_type", "backdrop", "kept_backdrop"].includes(name))
      this.dispatchEvent(new Event("scene"));
    if (!["by", "scene_type", "aspect", "copy_space", "size_cm", "prompt"].includes(name)) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.ask(), PATIENCE);
  }

  #say() {
    this.form.elements.place.value = this.#put ? this.#put.map((share) => share.toFixed(4)).join(",") : "";
    this.dispatchEvent(new Event("change"));
  }

  #keep() {
    try {
      if (this.#put) sessionStorage.setItem(this.#key, JSON.stringify(this.#put));
      else sessionStorage.removeItem(this.#key);
    } catch {
      /* it lasts as long as the page, then */
    }
  }
}

function loadPlace(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}
