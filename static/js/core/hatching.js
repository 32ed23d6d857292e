/* A fill of diagonal stripes, so that not only colour tells what is painted.
 *
 * new Stripes(): on(context, colour, side, opacity) → the pattern, made anew only when that changes. */
export class Stripes {
  #key = "";
  #pattern = null;

  /**
   * @param {Context} context
   * @param {string} colour
   * @param {number} side
   * @param {number} opacity
   */
  on(context, colour, side, opacity) {
    const key = `${colour} ${side} ${opacity}`;
    if (key !== this.#key) {
      const tile = new OffscreenCanvas(side, side);
      const brush = tile.getContext("2d");
      brush.globalAlpha = opacity;
      brush.fillStyle = brush.strokeStyle = colour;
      brush.fillRect(0, 0, side, side);
      brush.globalAlpha = 1;
      brush.lineWidth = side / 4;
      for (const shift of [-side, 0, side]) {
        brush.beginPath();
        brush.moveTo(shift - side / 2, side * 1.5);
        brush.lineTo(shift + side * 1.5, -side / 2);
        brush.stroke();
      }
      this.#key = key;
      this.#pattern = context.createPattern(tile, "repeat");
    }
    return this.#pattern;
  }
}
