/* What a stroke does to a cutout, at once and nearby; the engine's own answer takes its place.
 *
 * new LocalAnswer(picture, before): of a FinishedPicture and the photo that it was cut out of, as a picture.
 *   begin(stroke), extend(stroke) as it is painted, cancel(); repeat(strokes) for what was painted already
 * A stroke is as strokes.js has it, in the photo's pixels. What is painted on is taken, and around it, up to the
 * brush's edge, what looks like that and is not beyond an edge of the photo. Only the screen's copy of the
 * cutout is changed: what leaves is the engine's. */

const CORE = 0.4; // of the brush's radius: taken whatever it looks like
const EDGE = 34; // of 255: a step of colour that nothing goes over
const ALIKE = 90; // of 255: farther from what is painted on is something else
const STEP = 0.3; // of the radius between two dabs

export class LocalAnswer {
  #photo = null;
  #base = null; // as it was before the stroke under way
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
      const canvas = new OffscreenCanvas(width, height);
      this.#photo = canvas.getContext("2d", { willReadFrequently: true });
      const all = { x: 0, y: 0, width, height };
      this.before.draw(this.#photo, all, all);
    }
    return this.#photo;
  }

  begin(stroke) {
    this.#base = this.picture.copy.keep();
    this.#done = 0;
    this.#last = null;
    this.extend(stroke);
  }

  extend({ keep, radius, points }) {
    for (const point of points.slice(this.#done)) {
      const steps = this.#last
        ? Math.ceil(Math.hypot(point[0] - this.#last[0], point[1] - this.#last[1]) / (STEP * radius))
        : 1;
      for (let step = 1; step <= steps; step += 1) {
        const at = this.#last
          ? point.map((to, axis) => this.#last[axis] + ((to - this.#last[axis]) * step) / steps)
          : point;
        this.#dab(keep, radius, at);
      }
      this.#last = point;
    }
    this.#done = points.length;
  }

  cancel() {
    if (this.#base) this.picture.copy.restore(this.#base);
    this.#base = null;
  }

  repeat(strokes) {
    for (const stroke of strokes) {
      this.#done = 0;
      this.#last = null;
      this.extend(stroke);
    }
  }

  #dab(keep, radius, [x, y]) {
    const { copy, size } = this.picture;
    const scale = copy.width / size.width;
    const reach = Math.max(1, radius * scale);
    const middle = { x: x * scale, y: y * scale };
    const left = Math.max(0, Math.floor(middle.x - reach));
    const top = Math.max(0, Math.floor(middle.y - reach));
    const width = Math.min(copy.width, Math.ceil(middle.x + reach)) - left;
    const height = Math.min(copy.height, Math.ceil(middle.y + reach)) - top;
    if (width < 1 || height < 1) return;
    const seen = this.#colours.getImageData(left, top, width, height).data;
    const made = copy.pixels({ x: left, y: top, width, height });
    const taken = spread(seen, width, height, { x: middle.x - left, y: middle.y - top, reach });
    const { data } = made;
    for (let at = 0; at < taken.length; at += 1) {
      if (!taken[at]) continue;
      const to = 4 * at;
      if (!keep) {
        data.fill(0, to, to + 4);
      } else if (data[to + 3] < 255) {
        for (let channel = 0; channel < 4; channel += 1) data[to + channel] = seen[to + channel];
      }
    }
    copy.put(made, left, top);
  }
}

/* Which pixels of a square a dab takes: a flood from its core that stops at edges and at other colours. */
function spread(seen, width, height, { x, y, reach }) {
  const taken = new Uint8Array(width * height);
  const queue = [];
  const mean = [0, 0, 0];
  const within = (column, row, radius) => (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2 <= radius * radius;
  const core = Math.max(1, CORE * reach);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      if (!within(column, row, core)) continue;
      const at = row * width + column;
      taken[at] = 1;
      queue.push(at);
      for (let channel = 0; channel < 3; channel += 1) mean[channel] += seen[4 * at + channel];
    }
  }
  for (let channel = 0; channel < 3; channel += 1) mean[channel] /= Math.max(1, queue.length);
  const isAlike = (at) =>
    Math.abs(seen[4 * at] - mean[0]) < ALIKE &&
    Math.abs(seen[4 * at + 1] - mean[1]) < ALIKE &&
    Math.abs(seen[4 * at + 2] - mean[2]) < ALIKE;
  const isEdge = (one, other) =>
    Math.max(
      Math.abs(seen[4 * one] - seen[4 * other]),
      Math.abs(seen[4 * one + 1] - seen[4 * other + 1]),
      Math.abs(seen[4 * one + 2] - seen[4 * other + 2]),
    ) > EDGE;
  while (queue.length) {
    const at = queue.pop();
    const column = at % width;
    const row = (at - column) / width;
    for (const [across, down] of NEIGHBOURS) {
      const [besideColumn, besideRow] = [column + across, row + down];
      if (besideColumn < 0 || besideRow < 0 || besideColumn >= width || besideRow >= height) continue;
      const beside = at + across + down * width;
      if (taken[beside] || !within(besideColumn, besideRow, reach)) continue;
      if (!isAlike(beside) || isEdge(at, beside)) continue;
      taken[beside] = 1;
      queue.push(beside);
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
