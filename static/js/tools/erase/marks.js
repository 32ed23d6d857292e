/* The marks on one picture, and the sheet that they are made on.
 *
 * Marks are a value, never changed in place, so that history can keep every one:
 *   { boxes: [{id, x, y, width, height}], paint: [operation] }
 * An operation is one of, in the order they were done,
 *   { kind: "stroke", mode: "mark"|"unmark"|"avoid", size, points: [x, y, x, y, …] }
 *   { kind: "box", x, y, width, height }   a box that was rubbed at: paint from then on
 *   { kind: "mask", blob }                 a loaded mask, opaque where marked
 * All numbers are pixels of the picture.
 *
 * new Sheet(): open(key, size, marks) puts it on a picture, close() takes it away; show(marks) while
 * a gesture lasts, settle(tag) once it is done, revert() if it was not meant; undo(), redo().
 * Events: "change" whenever it looks different, "settle" when there is something to keep. */
import { History } from "../../core/undo-history.js";

export const NOTHING = Object.freeze({ boxes: [], paint: [] });
export const MOST_BOXES = 50;
export const MOST_SHARE = 0.5;

export class Sheet extends EventTarget {
  key = "";
  size = null;
  marks = NOTHING;
  locked = false;
  /* How marks are made: "box", or a stroke's mode. */
  mode = "box";
  brush = 1;
  selected = null;
  /* The stroke that is being painted, and where the pointer is. */
  live = null;
  hover = null;
  #histories = new Map();

  get shown() {
    return this.size !== null;
  }

  get editable() {
    return this.shown && !this.locked;
  }

  get empty() {
    return !this.marks.boxes.length && !this.marks.paint.length;
  }

  get box() {
    return this.marks.boxes.find((box) => box.id === this.selected) || null;
  }

  get history() {
    return this.#histories.get(this.key);
  }

  /* Whether this page has had marks on that picture: they are fresher than any store. */
  knows(key) {
    return this.#histories.has(key);
  }

  /** @param {Size} size */
  open(key, size, marks) {
    if (!this.knows(key)) this.#histories.set(key, { steps: new History(marks), marks });
    Object.assign(this, { key, size, selected: null, live: null });
    this.show(this.history.marks);
  }

  close() {
    if (!this.shown) return;
    Object.assign(this, { key: "", size: null, selected: null, live: null, marks: NOTHING });
    this.noteChange();
  }

  show(marks) {
    this.marks = marks;
    this.noteChange();
  }

  settle(tag = "") {
    this.live = null;
    if (this.marks !== this.history.marks) {
      this.history.marks = this.marks;
      this.history.steps.push(this.marks, tag);
      this.dispatchEvent(new Event("settle"));
    }
    this.noteChange();
  }

  set(marks, tag = "") {
    this.marks = marks;
    this.settle(tag);
  }

  revert() {
    this.live = null;
    this.show(this.history.marks);
  }

  undo() {
    this.#go(this.history.steps.undo());
  }

  redo() {
    this.#go(this.history.steps.redo());
  }

  #go(marks) {
    if (!marks) return;
    this.marks = this.history.marks = marks;
    if (!this.box) this.selected = null;
    this.dispatchEvent(new Event("settle"));
    this.noteChange();
  }

  /** @param {string} id */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.noteChange();
  }

  noteChange() {
    this.dispatchEvent(new Event("change"));
  }

  // -- Boxes ---------------------------------------------------------------------------------------

  /** @param {MarkedBox} box */
  withBox(box) {
    const boxes = this.marks.boxes.some((one) => one.id === box.id)
      ? this.marks.boxes.map((one) => (one.id === box.id ? box : one))
      : [...this.marks.boxes, box];
    return { ...this.marks, boxes };
  }

  /** @param {string} id */
  withoutBox(id) {
    return { ...this.marks, boxes: this.marks.boxes.filter((box) => box.id !== id) };
  }

  /* The box in whole pixels, within the picture, at least one pixel large. */
  fitInside({ id, x, y, width, height }) {
    const wide = clamp(Math.round(width) || 1, 1, this.size.width);
    const high = clamp(Math.round(height) || 1, 1, this.size.height);
    return {
      id,
      x: clamp(Math.round(x) || 0, 0, this.size.width - wide),
      y: clamp(Math.round(y) || 0, 0, this.size.height - high),
      width: wide,
      height: high,
    };
  }

  /* The same, cut off at the picture's edges instead of pushed inside. */
  clipInside({ id, x, y, width, height }) {
    const left = clamp(Math.round(x), 0, this.size.width - 1);
    const top = clamp(Math.round(y), 0, this.size.height - 1);
    const right = clamp(Math.round(x + width), left + 1, this.size.width);
    const bottom = clamp(Math.round(y + height), top + 1, this.size.height);
    return { id, x: left, y: top, width: right - left, height: bottom - top };
  }
}

export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

export const newId = () => Math.random().toString(36).slice(2);

/* How many pixels the boxes cover together, each counted once: as the server counts them. */
export function area(boxes) {
  const edges = [...new Set(boxes.flatMap((box) => [box.x, box.x + box.width]))].sort((a, b) => a - b);
  let total = 0;
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const [left, right] = [edges[index], edges[index + 1]];
    const column = boxes
      .filter((box) => box.x <= left && box.x + box.width >= right)
      .sort((a, b) => a.y - b.y);
    let reached = -Infinity;
    for (const { y, height } of column) {
      total += Math.max(0, y + height - Math.max(y, reached)) * (right - left);
      reached = Math.max(reached, y + height);
    }
  }
  return total;
}
