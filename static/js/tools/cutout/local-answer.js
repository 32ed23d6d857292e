/* What a stroke does to a cutout, at once and nearby; the engine's own answer takes its place.
 *
 * new LocalAnswer(picture, before): of a FinishedPicture and the photo that it was cut out of, as a picture.
 *   begin(stroke), extend(stroke) as it is painted, cancel(); show(strokes): these are all that was painted
 * A stroke is as strokes.js has it, in the photo's pixels. What is painted on is taken, and around it, up to the
 * brush's edge, what looks like that and is not beyond an edge of the photo. Only the screen's copy of the
 * cutout is changed: what leaves is the engine's. */

const CORE = 0.4; // of the brush's radius: taken whatever it looks like
const EDGE = 34; // of 255: a step of colour that nothing goes over
const ALIKE = 90; // of 255: farther from what is painted on is something else
const STEP = 0.3; // of the radius between two dabs

export class LocalAnswer {
  #photo = null;
  #came = null; // the cutout as it came
  #base = null; // and as it was before the stroke under way
  #done = 0; // how many of its points
  #last = null;

  /**
   * @param {import("./finish/finished-picture.js").FinishedPicture} picture
   * @param {Drawn} before
   */
  constructor(picture, before) {
    this.picture = picture;
    this.before = before;
  }

  /* The photo as large as the cutout's copy. */
  get #colours() {
    if (!this.#photo) {
      const { width, height } = this.picture.copy;
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      const all = { x: 0, y: 0, width, height };
      this.before.draw(context, all, all);
      this.#photo = context.getImageData(0, 0, width, height).data;
    }
    return this.#photo;
  }

  begin(stroke) {
    this.#came ??= this.picture.copy.keep();
    this.#base = this.picture.copy.keep();
    this.#done = 0;
    this.#last = null;
    this.extend(stroke);
  }

  extend({ keep, radius, points }) {
    const touched = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
    for (const point of points.slice(this.#done)) {
      const last = this.#last || point;
      const far = Math.hypot(point[0] - last[0], point[1] - last[1]);
      const steps = Math.max(1, Math.ceil(far / (STEP * radius)));
      for (let step = 1; step <= steps; step += 1) {
        const at = point.map((to, axis) => last[axis] + ((to - last[axis]) * step) / steps);
        this.#dab(keep, radius, at, touched);
      }
      this.#last = point;
    }
    this.#done = points.length;
    this.picture.copy.touch(touched);
  }

  cancel() {
    if (this.#base) this.picture.copy.restore(this.#base);
    this.#base = null;
  }

  show(strokes) {
    if (this.#came) this.picture.copy.restore(this.#came);
    for (const stroke of strokes) this.begin(stroke);
    this.#base = null;
  }

  #dab(keep, radius, [x, y], touched) {
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
    const seen = this.#colours;
    const made = copy.pixels.data;
    for (const at of spread(seen, copy.width, box, disc)) {
      const to = 4 * at;
      if (!keep) {
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
