/* Where the world (a picture's pixels) lies on the screen (the canvas's own pixels).
 *
 * View: scale (screen pixels for one of the world), x, y (screen place of the world's origin).
 * toScreen(point), toWorld(point), box() (the world's box on the screen), fit(), zoomTo(scale, at),
 * panBy(dx, dy), resize(width, height, ratio), setWorld(width, height, kept). All points are {x, y}.
 * A view that was fitted stays fitted when its window or its world changes. Another world is fitted too, unless
 * it is the one before in another form (kept): of that the same share stays in the middle, at the same scale. */
const LARGEST = 32;

export class View {
  scale = 1;
  x = 0;
  y = 0;
  width = 1;
  height = 1;
  ratio = 1;
  world = { width: 1, height: 1 };
  fitted = true;
  /* Room around a fitted picture, in CSS pixels. */
  margins = { top: 24, right: 24, bottom: 24, left: 24 };

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} ratio
   */
  resize(width, height, ratio) {
    const middle = this.toWorld({ x: this.width / 2, y: this.height / 2 });
    Object.assign(this, { width, height, ratio });
    if (this.fitted) {
      this.fit();
    } else {
      this.x = width / 2 - middle.x * this.scale;
      this.y = height / 2 - middle.y * this.scale;
      this.clamp();
    }
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {boolean} kept
   */
  setWorld(width, height, kept = false) {
    if (width === this.world.width && height === this.world.height) return;
    const middle = this.toWorld({ x: this.width / 2, y: this.height / 2 });
    const [across, down] = [middle.x / this.world.width, middle.y / this.world.height];
    this.world = { width, height };
    if (!kept || this.fitted) {
      this.fit();
      return;
    }
    this.x = this.width / 2 - across * width * this.scale;
    this.y = this.height / 2 - down * height * this.scale;
    this.clamp();
  }

  get fitScale() {
    const { top, right, bottom, left } = this.margins;
    const room = {
      width: Math.max(40, this.width - (left + right) * this.ratio),
      height: Math.max(40, this.height - (top + bottom) * this.ratio),
    };
    const scale = Math.min(room.width / this.world.width, room.height / this.world.height);
    return Math.min(scale, 2 * this.ratio);
  }

  fit() {
    const { top, right, bottom, left } = this.margins;
    this.fitted = true;
    this.scale = this.fitScale;
    this.x = ((left - right) * this.ratio + this.width - this.world.width * this.scale) / 2;
    this.y = ((top - bottom) * this.ratio + this.height - this.world.height * this.scale) / 2;
  }

  zoomTo(scale, at = { x: this.width / 2, y: this.height / 2 }) {
    const point = this.toWorld(at);
    this.fitted = false;
    this.scale = Math.min(LARGEST, Math.max(Math.min(this.fitScale / 2, 0.1), scale));
    this.x = at.x - point.x * this.scale;
    this.y = at.y - point.y * this.scale;
    this.clamp();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  panBy(dx, dy) {
    this.fitted = false;
    this.x += dx;
    this.y += dy;
    this.clamp();
  }

  /* However far it is pushed, a piece of the picture stays in sight. */
  clamp() {
    const keep = 80 * this.ratio;
    this.x = Math.min(this.width - keep, Math.max(keep - this.world.width * this.scale, this.x));
    this.y = Math.min(this.height - keep, Math.max(keep - this.world.height * this.scale, this.y));
  }

  toScreen({ x, y }) {
    return { x: this.x + x * this.scale, y: this.y + y * this.scale };
  }

  toWorld({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /* Whole pixels, so that edges are crisp. */
  box() {
    const x = Math.round(this.x);
    const y = Math.round(this.y);
    return {
      x,
      y,
      width: Math.max(1, Math.round(this.x + this.world.width * this.scale) - x),
      height: Math.max(1, Math.round(this.y + this.world.height * this.scale) - y),
    };
  }
}
