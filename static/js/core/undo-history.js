/* What was, and what was undone: values in a row, without end.
 *
 * new History(value): push(value, tag) goes on from here and forgets what was undone; with the tag
 * of the last push, within a moment of it, it takes its place (ten nudges are one step). undo() and
 * redo() return the value to show, or null. */
const MOMENT = 800; // ms

export class History {
  #values;
  #at = 0;
  #tag = "";
  #pushed = 0;

  constructor(value) {
    this.#values = [value];
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#values.length - 1;
  }

  push(value, tag = "") {
    const same = tag && tag === this.#tag && performance.now() - this.#pushed < MOMENT && !this.canRedo;
    this.#values.length = this.#at + (same ? 0 : 1);
    this.#values.push(value);
    this.#at = this.#values.length - 1;
    this.#tag = tag;
    this.#pushed = performance.now();
  }

  undo() {
    return this.canUndo ? this.#values[this.#step(-1)] : null;
  }

  redo() {
    return this.canRedo ? this.#values[this.#step(1)] : null;
  }

  #step(by) {
    this.#tag = "";
    this.#at += by;
    return this.#at;
  }
}
