/* What a stroke does to a cutout, at once and nearby; the engine's own answer takes its place.
 *
 * new LocalAnswer(picture, before): of a FinishedPicture and the photo that it was cut out of, as a picture.
 *   prepare(): before a brush is taken up, so that its first stroke waits for nothing
 *   begin(stroke), extend(stroke) as it is painted, cancel(); show(strokes): these are all that was painted
 * A stroke is as strokes.js has it, in the photo's pixels. What is painted on is taken, and around it, up to the
 * brush's edge, what looks like that and is not beyond an edge of the photo; what lets the
 * ground through is the brush's disc. Only the screen's copy of the
 * cutout is changed: what leaves is the engine's. */

const CORE = 0.4; // of the brush's radius: taken whatever it looks like
const EDGE = 34; // of 255: a step of colour that nothing goes over
const ALIKE = 90; // of 255: farther from what is painted on is something else
const STEP = 0.3; // of the radius between two dabs
const PART = 256; // pixels a side of what is read of the photo at once

export class LocalAnswer {
  #photo = null;
  #context = null;
  #read = new Set(); // the parts of the photo that were
  #base = new Map(); // how the cutout was before the stroke under way
  #done = 0; // how many of its points
  #last = null;

  /**
   * @param {import("./finish/finished-picture.js").FinishedPicture} picture
   * @param {Drawn} before
   */
  constructor(picture, before) {
    this.picture = picture;
    this.before = before;
    this.state = picture.copy.state;
  }

  prepare() {
    this.picture.copy.pixels;
  }

  /* The photo as large as the cutout's copy, as far as a box goes: all of it at once takes too long for a frame. */
  #colours(box) {
    const { width, height } = this.picture.copy;
    this.#photo ??= new Uint8ClampedArray(4 * width * height);
    const across = Math.ceil(width / PART);
    for (let row = Math.floor(box.top / PART); row * PART < box.bottom; row += 1)
      for (let column = Math.floor(box.left / PART); column * PART < box.right; column += 1) {
        const part = row * across + column;
        if (this.#read.has(part)) continue;
        this.#read.add(part);
        this.#readPart(column * PART, row * PART);
      }
    return this.#photo;
  }

  #readPart(left, top) {
    const { width, height } = this.picture.copy;
    this.#context ??= new OffscreenCanvas(PART, PART).getContext("2d", { willReadFrequently: true });
    const [wide, tall] = [Math.min(PART, width - left), Math.min(PART, height - top)];
    const seen = { x: 0, y: 0, width: wide, height: tall };
    this.#context.clearRect(0, 0, PART, PART);
    this.before.draw(this.#context, { x: -left, y: -top, width, height }, seen);
    const { data } = this.#context.getImageData(0, 0, wide, tall);
    for (let y = 0; y < tall; y += 1)
      this.#photo.set(data.subarray(4 * y * wide, 4 * (y + 1) * wide), 4 * ((top + y) * width + left));
  }

  begin(stroke) {
    this.#base = new Map();
    this.#done = 0;
    this.#last = null;
    this.extend(stroke);
  }

  /* What a click means only the engine can tell. */
  extend({ keep, radius, points, region, opacity }) {
    if (region) return;
    const touched = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
    for (const point of points.slice(this.#done)) {
      const last = this.#last || point;
      const far = Math.hypot(point[0] - last[0], point[1] - last[1]);
      const steps = Math.max(1, Math.ceil(far / (STEP * radius)));
      for (let step = 1; step <= steps; step += 1) {
        const at = point.map((to, axis) => last[axis] + ((to - last[axis]) * step) / steps);
        this.#dab({ keep, radius, opacity }, at, touched);
      }
      this.#last = point;
    }
    this.#done = points.length;
    this.picture.copy.touch(touched);
  }

  cancel() {
    this.picture.copy.put(this.#base);
    this.#base = new Map();
  }

  /* A stroke under way goes on from its first point. */
  show(strokes) {
    this.state = this.picture.copy.state;
    this.picture.copy.clean();
    for (const stroke of strokes) this.begin(stroke);
    this.#base = new Map();
    this.#done = 0;
    this.#last = null;
  }

  #dab({ keep, radius, opacity }, [x, y], touched) {
    const { copy, size } = this.picture;
    const scale = copy.width / size.width;
    const disc = { x: x * scale, y: y * scale, reach: Math.max(1, radius * scale) };
    const box = {
      left: Math.max(0, Math.floor(disc.x - disc.reach)),
      top: Math.max(0, Math.floor(disc.y - disc.reach)),
      right: Math.min(copy.width, Math.ceil(disc.x + disc.reach)),
      bottom: Math.min(copy.height, Math.ceil(disc.y + disc.reach)),
    };
    if (box.right <= box.left || box.bottom <= box.top) return;
    copy.note(box, this.#base);
    const seen = this.#colours(box);
    const made = copy.pixels.data;
    const most = opacity === undefined ? 255 : Math.round(255 * opacity);
    const taken = opacity === undefined ? spread(seen, copy.width, box, disc) : list(copy.width, box, disc);
    for (const at of taken) {
      const to = 4 * at;
      if (most < 255) {
        made[to + 3] = Math.min(made[to + 3], most);
      } else if (!keep) {
        made.fill(0, to, to + 4);
      } else if (made[to + 3] < 255) {
        for (let channel = 0; channel < 4; channel += 1) made[to + channel] = seen[to + channel];
      }
    }
    touched.left = Math.min(touched.left, box.left);
    touched.top = Math.min(touched.top, box.top);
    touched.right = Math.max(touched.right, box.right);
    touched.bottom = Math.max(touched.bottom, box.bottom);
  }
}

/* The pixels of a box that lie in a disc. */
function list(width, box, { x, y, reach }) {
  const made = [];
  for (let row = box.top; row < box.bottom; row += 1)
    for (let column = box.left; column < box.right; column += 1)
      if ((column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2 <= reach * reach) made.push(row * width + column);
  return made;
}

/* Which pixels of a box a dab takes: a flood from its core that stops at edges and at other colours. */
function spread(seen, width, box, { x, y, reach }) {
  const across = box.right - box.left;
  const known = new Uint8Array(across * (box.bottom - box.top));
  const taken = [];
  const mean = [0, 0, 0];
  const core = Math.max(1, CORE * reach) ** 2;
  const whole = reach * reach;
  for (let row = box.top; row < box.bottom; row += 1) {
    for (let column = box.left; column < box.right; column += 1) {
      const far = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2;
      const here = (row - box.top) * across + column - box.left;
      if (far > whole) known[here] = 1;
      if (far > core) continue;
      known[here] = 1;
      const at = row * width + column;
      taken.push(at);
      for (let channel = 0; channel < 3; channel += 1) mean[channel] += seen[4 * at + channel];
    }
  }
  for (let channel = 0; channel < 3; channel += 1) mean[channel] /= Math.max(1, taken.length);
  const isFar = (one, other, most) =>
    Math.abs(one[0] - other[0]) > most ||
    Math.abs(one[1] - other[1]) > most ||
    Math.abs(one[2] - other[2]) > most;
  const [here, there] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const read = (at, into) => {
    for (let channel = 0; channel < 3; channel += 1) into[channel] = seen[4 * at + channel];
  };
  // What is taken is gone through while it grows.
  for (let index = 0; index < taken.length; index += 1) {
    const at = taken[index];
    const column = at % width;
    const row = (at - column) / width;
    read(at, here);
    for (const [right, down] of NEIGHBOURS) {
      const [beside, below] = [column + right, row + down];
      if (beside < box.left || below < box.top || beside >= box.right || below >= box.bottom) continue;
      const place = (below - box.top) * across + beside - box.left;
      if (known[place]) continue;
      const next = below * width + beside;
      read(next, there);
      if (isFar(there, mean, ALIKE) || isFar(here, there, EDGE)) continue;
      known[place] = 1;
      taken.push(next);
    }
  }
  return taken;
}

const NEIGHBOURS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
