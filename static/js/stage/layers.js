/* What the stage draws, from the bottom up.
 *
 * A layer is an object with
 *   draw(context, stage)        paints itself; context is in the canvas's own pixels, untransformed;
 *                               stage.view maps between the world (the photo's pixels) and these
 *   pointer(gesture, stage)     optional; gesture = {type: "down"|"move"|"up"|"cancel", point (world),
 *                               path (all world points since the last, for fine strokes), event}.
 *                               Returning true at "down" takes the gesture: the layer gets the
 *                               rest of it, and the stage does not pan. The topmost is asked first.
 *   pinch({by, from, to, end}, stage)  optional; two fingers of a gesture that the layer took: by how much
 *                               they moved apart, their middle in the world before and now; end: lifted.
 *                               Without it they pinch the view.
 *   wheel({point, by}, stage)   optional; a wheel turned at a point: by > 1 is towards larger. Returning
 *                               true takes it, else the view is zoomed.
 *   dispose()                   optional; frees what it holds
 * A layer that changed calls stage.invalidate(). The marks of the eraser are layers: rectangles.js, brush.js. */

/* The board under transparency: squares of constant size that move with the picture. Its colours
 * are those of the canvas (color and caret-color in CSS), which follow the theme and the switch. */
export class BoardLayer {
  #key = "";
  #pattern = null;

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const style = getComputedStyle(stage.canvas);
    const key = `${style.color} ${style.caretColor} ${stage.view.ratio}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#pattern = context.createPattern(this.#tile(style, Math.round(10 * stage.view.ratio)), "repeat");
    }
    const box = stage.view.box();
    context.save();
    context.translate(box.x, box.y);
    context.fillStyle = this.#pattern;
    // Only what is in sight: far zoomed in, the box is a hundred times the canvas.
    const left = Math.max(0, -box.x);
    const top = Math.max(0, -box.y);
    context.fillRect(
      left,
      top,
      Math.min(box.width, stage.view.width - box.x) - left,
      Math.min(box.height, stage.view.height - box.y) - top,
    );
    context.restore();
  }

  /** @param {CSSStyleDeclaration} style */
  #tile(style, square) {
    const tile = new OffscreenCanvas(2 * square, 2 * square);
    const context = tile.getContext("2d");
    context.fillStyle = style.caretColor;
    context.fillRect(0, 0, 2 * square, 2 * square);
    context.fillStyle = style.color;
    context.fillRect(0, 0, square, square);
    context.fillRect(square, square, square, square);
    return tile;
  }
}

/* The photo before and after. `share` of the width shows before (null: no seam); `held` shows the
 * photo before for as long as it is held. A result with another frame than its photo has no seam. */
export class PhotoLayer {
  /** @type {Picture | null} */
  before = null;
  /** @type {Drawn | null} */
  after = null;
  aligned = false;
  share = null;
  held = false;
  hidden = false; // while a tool draws something else in its stead

  get split() {
    return !this.hidden && this.before && this.after && this.aligned && this.share !== null && !this.held;
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    if (this.hidden) return;
    const box = stage.view.box();
    const all = { x: 0, y: 0, width: stage.view.width, height: stage.view.height };
    if (this.split) {
      const seam = Math.round(box.x + box.width * this.share);
      this.before.draw(context, box, { ...all, width: Math.max(0, seam) });
      this.after.draw(context, box, { ...all, x: seam, width: Math.max(0, all.width - seam) });
    } else if (this.after && !this.held) {
      this.after.draw(context, box, all);
    } else if (this.before) {
      this.before.draw(context, this.aligned || !this.after ? box : within(box, this.before), all);
    }
  }

  dispose() {
    this.before?.dispose();
    this.after?.dispose();
    this.before = this.after = null;
  }
}

/* The largest box of the picture's shape in the middle of another. */
/**
 * @param {Box} box
 * @param {Drawn} picture
 */
function within(box, picture) {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}
