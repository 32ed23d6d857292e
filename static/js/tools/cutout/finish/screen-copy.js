/* A cutout as large as a screen needs it, in several sizes, each half as large as the one before.
 *
 * ScreenCopy.load(address, signal) → Promise<ScreenCopy>   (rejects if it is not to be had)
 *   levels            canvases, premultiplied as all are; the first is the copy as it came
 *   outline(width, height)   the corners around all that is visible, in a photo of that size: convex, and as it
 *                     came: what is painted does not move the canvas under the brush
 *   pixels            all that is in the first level, for a brush to write into; touch(box) says where it did
 *   state             the name of the strokes that it heeds, as the studio says it; "" where it does not
 *   note(box, ...records)   keeps how a box is, before it is painted on, in records (Maps) and for clean()
 *   put(record)       back to what a record has; clean(): back to how it came, with nothing painted on it
 *   dispose()
 * Nothing of it is ever larger than 2048 pixels a side, so no tablet's limit is met. */

const SMALLEST = 384;
/** Pixels a side of the parts in which it is kept how it was. */
const TILE = 64;
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
  state = "";
  /** @type {Map<number, Uint8ClampedArray>} */
  #came = new Map();
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

  /**
   * @param {{ left: number, top: number, right: number, bottom: number }} box
   * @param {Map<number, Uint8ClampedArray>[]} records
   */
  note({ left, top, right, bottom }, ...records) {
    const across = Math.ceil(this.width / TILE);
    for (let row = Math.floor(top / TILE); row * TILE < bottom; row += 1)
      for (let column = Math.floor(left / TILE); column * TILE < right; column += 1) {
        const tile = row * across + column;
        for (const record of [this.#came, ...records])
          if (!record.has(tile)) record.set(tile, this.read(this.#box(tile)));
      }
  }

  /** @param {Map<number, Uint8ClampedArray>} record */
  put(record) {
    for (const [tile, pixels] of record) this.write(this.#box(tile), pixels);
  }

  clean() {
    this.put(this.#came);
    this.#came = new Map();
  }

  #box(tile) {
    const across = Math.ceil(this.width / TILE);
    const left = (tile % across) * TILE;
    const top = Math.floor(tile / across) * TILE;
    return {
      left,
      top,
      right: Math.min(left + TILE, this.width),
      bottom: Math.min(top + TILE, this.height),
    };
  }

  /** @param {{ left: number, top: number, right: number, bottom: number }} box */
  read({ left, top, right, bottom }) {
    const { data } = this.pixels;
    const wide = 4 * (right - left);
    const made = new Uint8ClampedArray(wide * (bottom - top));
    for (let y = top; y < bottom; y += 1) {
      const at = 4 * (y * this.width + left);
      made.set(data.subarray(at, at + wide), (y - top) * wide);
    }
    return made;
  }

  /**
   * @param {{ left: number, top: number, right: number, bottom: number }} box
   * @param {Uint8ClampedArray} pixels
   */
  write(box, pixels) {
    const { left, top, right, bottom } = box;
    const { data } = this.pixels;
    const wide = 4 * (right - left);
    for (let y = top; y < bottom; y += 1)
      data.set(pixels.subarray((y - top) * wide, (y - top + 1) * wide), 4 * (y * this.width + left));
    this.touch(box);
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
    this.#came = new Map();
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
