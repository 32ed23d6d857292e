/* The canvas that every tool works on.
 *
 * new Stage(section): puts its canvas into the section (class "stage"), sharp on every screen, drawn
 * only when something changed. Nothing of it is needed where scripts are off: the section's own
 * <img> shows then.
 *   layers                     from the bottom up, see layers.js; add(layer), remove(layer)
 *   view                       see view.js; fit(), actual(), zoomBy(factor), pan(dx, dy) move it
 *   setWorld(size, kept)       the size of what lies there, in its own pixels; null: nothing; see view.js
 *   invalidate()               something changed, draw before the next frame
 *   addEventListener("draw")   after each drawing, for what stands over the canvas (the seam, the zoom)
 * 100 % is one pixel of the picture on one of the screen. */
import { bindGestures } from "./gestures.js";
import { View } from "./view.js";

export class Stage extends EventTarget {
  layers = [];
  view = new View();
  empty = true;
  panning = false;
  #drawing = 0;

  /** @param {HTMLElement} section */
  constructor(section) {
    super();
    this.section = section;
    this.paper = document.createElement("div");
    this.paper.className = "paper";
    this.paper.hidden = true;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "stage-canvas";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.hidden = true;
    section.prepend(this.paper, this.canvas);
    this.context = this.canvas.getContext("2d");
    bindGestures(this);
    new ResizeObserver(() => this.#resize()).observe(section);
    document.addEventListener("theme", () => this.invalidate());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.invalidate());
  }

  /**
   * @template {Layer} L
   * @param {L} layer
   * @returns {L} the layer itself
   */
  add(layer) {
    this.layers.push(layer);
    this.invalidate();
    return layer;
  }

  /** @param {Layer} layer */
  remove(layer) {
    this.layers = this.layers.filter((one) => one !== layer);
    layer.dispose?.();
    this.invalidate();
  }

  /**
   * @param {Size} size
   * @param {boolean} kept
   */
  setWorld(size, kept = false) {
    this.empty = size === null;
    this.canvas.hidden = this.paper.hidden = this.empty;
    if (size) this.view.setWorld(size.width, size.height, kept);
    this.invalidate();
  }

  fit() {
    this.view.fit();
    this.invalidate();
  }

  actual() {
    this.view.zoomTo(1);
    this.invalidate();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.view.zoomTo(this.view.scale * factor);
    this.invalidate();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.view.panBy(dx * this.view.ratio, dy * this.view.ratio);
    this.invalidate();
  }

  invalidate() {
    if (!this.#drawing) this.#drawing = requestAnimationFrame(() => this.#draw());
  }

  #resize() {
    const { clientWidth, clientHeight } = this.section;
    const ratio = devicePixelRatio || 1;
    const narrow = clientWidth < 600;
    this.view.margins = narrow
      ? { top: 12, right: 12, bottom: 74, left: 12 }
      : { top: 40, right: 40, bottom: 84, left: 40 };
    const width = Math.max(1, Math.round(clientWidth * ratio));
    const height = Math.max(1, Math.round(clientHeight * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.view.resize(width, height, ratio);
    // In this very frame: a resized canvas is blank until it is drawn.
    this.#draw();
  }

  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.empty) {
      const { x, y, width, height } = this.view.box();
      const { ratio } = this.view;
      this.paper.style.transform = `translate(${x / ratio}px, ${y / ratio}px)`;
      this.paper.style.width = `${width / ratio}px`;
      this.paper.style.height = `${height / ratio}px`;
      for (const layer of this.layers) layer.draw(this.context, this);
    }
    this.dispatchEvent(new Event("draw"));
  }
}
