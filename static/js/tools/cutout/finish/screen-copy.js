/* A cutout as large as a screen needs it, in several sizes, each half as large as the one before.
 *
 * ScreenCopy.load(address, signal) → Promise<ScreenCopy>   (rejects if it is not to be had)
 *   levels            canvases, premultiplied as all are; the first is the copy as it came
 *   outline(width, height)   the corners around all that is visible, in a photo of that size: convex, and as it
 *                     came: what is painted does not move the canvas under the brush
 *   pixels            all that is in the first level, for a brush to write into; touch(box) says where it did
 *   keep(), restore(kept)   how it is now, and back to that
 *   dispose()
 * Nothing of it is ever larger than 2048 pixels a side, so no tablet's limit is met. */

const SMALLEST = 384;
/** Of 255: alpha below this does not widen the subject (compose.VISIBLE). */
export const VISIBLE = 0.05 * 255;

/** @param {AbortSignal} [signal] */
async function decode(address, signal) {
  const response = await fetch(address, { signal, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  return createImageBitmap(await response.blob());
}

function draw(source, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

export class ScreenCopy {
  /** Counts what was put into it, for who keeps what was made of it. */
  version = 0;
  #outline = null;
  /** @type {ImageData | null} */
  #pixels = null;
  /** What of each level is not drawn yet, in the first level's pixels. */
  #stale = [];

  /** @param {ImageBitmap} bitmap */
  constructor(bitmap) {
    this.levels = [draw(bitmap, bitmap.width, bitmap.height)];
    for (let last = this.levels[0]; Math.max(last.width, last.height) > 2 * SMALLEST; ) {
      last = draw(last, Math.max(1, Math.round(last.width / 2)), Math.max(1, Math.round(last.height / 2)));
      this.levels.push(last);
    }
    this.width = bitmap.width;
    this.height = bitmap.height;
    bitmap.close();
  }

  /**
   * @param {string} address
   * @param {AbortSignal} [signal]
   */
  static async load(address, signal) {
    const bitmap = await decode(address, signal);
    if (signal?.aborted) {
      bitmap.close();
      throw new DOMException("No longer wanted", "AbortError");
    }
    return new ScreenCopy(bitmap);
  }

  /**
   * The smallest level that is still as large as what is asked for, as it is by now.
   *
   * @param {number} width
   */
  find(width) {
    const index = Math.max(
      0,
      this.levels.findLastIndex((level) => level.width >= width),
    );
    for (let one = 1; one <= index; one += 1) this.#freshen(one);
    return index;
  }

  /** @returns {ImageData} */
  get pixels() {
    const { width, height } = this;
    this.#pixels ??= this.#context(0).getImageData(0, 0, width, height);
    return this.#pixels;
  }

  /** @param {{ left: number, top: number, right: number, bottom: number }} box */
  touch(box) {
    const { left, top, right, bottom } = box;
    if (right <= left || bottom <= top) return;
    this.#context(0).putImageData(this.pixels, 0, 0, left, top, right - left, bottom - top);
    for (let index = 1; index < this.levels.length; index += 1)
      this.#stale[index] = join(this.#stale[index], box);
    this.version += 1;
  }

  /** @returns {Uint8ClampedArray} */
  keep() {
    return this.pixels.data.slice();
  }

  /** @param {Uint8ClampedArray} kept */
  restore(kept) {
    this.pixels.data.set(kept);
    this.touch({ left: 0, top: 0, right: this.width, bottom: this.height });
  }

  /* Draw what changed of a level anew from the one above it, with what its edge is mixed from. */
  #freshen(index) {
    const box = this.#stale[index];
    if (!box) return;
    this.#stale[index] = null;
    const [from, to] = [this.levels[index - 1], this.levels[index]];
    // The box is of the first level.
    const [across, down] = [this.width / to.width, this.height / to.height];
    const left = Math.max(0, Math.floor(box.left / across) - 1);
    const top = Math.max(0, Math.floor(box.top / down) - 1);
    const width = Math.min(to.width, Math.ceil(box.right / across) + 1) - left;
    const height = Math.min(to.height, Math.ceil(box.bottom / down) + 1) - top;
    const [wide, tall] = [from.width / to.width, from.height / to.height];
    const context = this.#context(index);
    context.clearRect(left, top, width, height);
    context.drawImage(from, left * wide, top * tall, width * wide, height * tall, left, top, width, height);
  }

  #context(index) {
    return this.levels[index].getContext("2d", { willReadFrequently: true });
  }

  /**
   * @param {number} width of the photo
   * @param {number} height
   */
  outline(width, height) {
    const all = () => this.#context(0).getImageData(0, 0, this.width, this.height);
    this.#outline ??= surround(all());
    const [across, down] = [width / this.width, height / this.height];
    return this.#outline.map(({ x, y }) => ({ x: x * across, y: y * down }));
  }

  dispose() {
    for (const level of this.levels) level.width = level.height = 0;
    this.levels = [];
    this.#pixels = null;
  }
}

/* The box around both, either of which may be missing. */
function join(one, other) {
  if (!one) return other;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/* The convex hull of all pixels that can be seen; the whole picture where none can. */
function surround({ data, width, height }) {
  const points = [];
  for (let y = 0; y < height; y += 1) {
    let at = 4 * y * width + 3;
    let left = 0;
    while (left < width && data[at + 4 * left] <= VISIBLE) left += 1;
    if (left === width) continue;
    at += 4 * (width - 1);
    let right = width;
    while (data[at] <= VISIBLE) {
      at -= 4;
      right -= 1;
    }
    points.push([left, y], [right, y], [left, y + 1], [right, y + 1]);
  }
  if (!points.length) points.push([0, 0], [width, 0], [0, height], [width, height]);
  return hull(points).map(([x, y]) => ({ x, y }));
}

/* Andrew's monotone chain. */
function hull(points) {
  points.sort(([x, y], [a, b]) => x - a || y - b);
  const half = (row) => {
    const kept = [];
    for (const point of row) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...half(points), ...half(points.reverse())];
}

const turn = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
