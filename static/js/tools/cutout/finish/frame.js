/* Where a cutout lies on its canvas: as the engine has it (editor/engines/finishing/frame.py).
 *
 * place(outline, size, finish) → Placement: the canvas's width and height, how large a pixel of the photo
 * becomes (scale), where the photo's top left corner lies (x, y), how it is turned about that (cosine, sine), and
 * how far the subject could be moved (spare). smaller: whether it would have been enlarged to be as asked.
 * cramped: margins leave it no pixel, so they are not heeded.
 * toCanvas(placement, point), toPhoto(placement, point) map between the photo's pixels and the canvas's. */

const MOST_SIDE = 16_384;
const MOST_PIXELS = 64 * 2 ** 20;
/** How many times as long as the photo a canvas may become. */
const MOST_GROWTH = 2;
/** Pixels of the canvas that margins must leave, across and down. */
const LEAST_ROOM = 1;
/** Longest side by the size that a finish names. */
const SIDES = { full: MOST_SIDE, preview: 256, small: 512, medium: 1024, large: 2048 };

/** @param {Point[]} points */
export function boxOf(points) {
  const [across, down] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...across), Math.min(...down)];
  return { x, y, width: Math.max(...across) - x, height: Math.max(...down) - y };
}

const corners = ({ width, height }) => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height },
];

/** To the next whole number, halves to the even one, as the engine rounds. */
function round(value) {
  const whole = Math.round(value);
  return Math.abs(value % 1) === 0.5 && whole % 2 ? whole - 1 : whole;
}

/**
 * @param {Size} size
 * @param {number} side
 */
export function fitSize({ width, height }, side) {
  const longest = Math.max(width, height);
  if (longest <= side) return { width, height };
  return {
    width: Math.max(1, round((width * side) / longest)),
    height: Math.max(1, round((height * side) / longest)),
  };
}

/**
 * @param {Point[]} outline of what is visible, in the photo's pixels
 * @param {Size} size the photo's
 * @param {Finish} finish
 */
export function place(outline, size, finish) {
  const turned = angleOf(finish.rotation);
  const turn = ({ x, y }) => ({
    x: turned.cosine * x - turned.sine * y,
    y: turned.sine * x + turned.cosine * y,
  });
  const around = (points) => boxOf(points.map(turn));
  const box = around(finish.reference === "photo" ? corners(size) : outline);
  return { ...shrink(lay(box, around(corners(size)), size, finish), SIDES[finish.size]), ...turned };
}

/* Right angles turn exactly. */
function angleOf(rotation) {
  const quarters = rotation / 90;
  if (Number.isInteger(quarters)) {
    const index = ((quarters % 4) + 4) % 4;
    return { cosine: [1, 0, -1, 0][index], sine: [0, 1, 0, -1][index] };
  }
  const angle = (rotation * Math.PI) / 180;
  return { cosine: Math.cos(angle), sine: Math.sin(angle) };
}

/**
 * @param {Box} box what is framed, turned
 * @param {Box} whole the photo, turned
 * @param {Size} size
 * @param {Finish} finish
 */
function lay(box, whole, size, finish) {
  if (finish.canvas === "content" || finish.canvas === "ratio") return limit(growCanvas(box, finish), size);
  let { width, height } = finish.canvas === "exact" ? finish : size;
  if (finish.canvas === "photo" && Math.abs(finish.rotation % 180) === 90) [width, height] = [height, width];
  if (finish.canvas === "photo" && finish.scaling === "stay") {
    const x = (width - 2 * whole.x - whole.width) / 2;
    const y = (height - 2 * whole.y - whole.height) / 2;
    return { width, height, scale: 1, x, y, spare: { x: 0, y: 0 }, smaller: false, cramped: false };
  }
  return fitInCanvas(box, width, height, finish);
}

/* The canvas around a box and its margins, at the photo's own scale. */
function growCanvas(box, finish) {
  const [left, top, right, bottom] = finish.margins;
  const longer = finish.margin_of === "subject" ? Math.max(box.width, box.height) : 1;
  let { width: wide, height: tall } = box;
  if (finish.margin_of === "canvas") {
    wide /= 1 - (left + right);
    tall /= 1 - (top + bottom);
  } else {
    wide += (left + right) * longer;
    tall += (top + bottom) * longer;
  }
  if (finish.canvas === "ratio") {
    const [across, down] = finish.ratio;
    [wide, tall] = [Math.max(wide, (tall * across) / down), Math.max(tall, (wide * down) / across)];
  }
  const [width, height] = [Math.max(1, round(wide)), Math.max(1, round(tall))];
  const units = finish.margin_of === "canvas" ? [width, height] : [longer, longer];
  const spare = {
    x: width - box.width - (left + right) * units[0],
    y: height - box.height - (top + bottom) * units[1],
  };
  let x = left * units[0] + spare.x * finish.align[0];
  let y = top * units[1] + spare.y * finish.align[1];
  if (finish.rotation % 90 === 0) [x, y] = [Math.floor(x + 1e-6), Math.floor(y + 1e-6)];
  return {
    width,
    height,
    scale: 1,
    x: x - box.x,
    y: y - box.y,
    spare,
    smaller: false,
    cramped: false,
  };
}

/* No canvas is larger than is good: beyond, the subject gives way. */
function limit(placed, size) {
  const most = Math.min(MOST_GROWTH * Math.max(size.width, size.height), MOST_SIDE);
  const longest = Math.max(placed.width, placed.height);
  let side = Math.min(most, longest);
  const pixels = placed.width * placed.height * (side / longest) ** 2;
  if (pixels > MOST_PIXELS) side = Math.floor(side * Math.sqrt(MOST_PIXELS / pixels));
  return shrink(placed, Math.max(1, side));
}

/* The placement scaled down, never up, so that the canvas is at most so many pixels a side. */
function shrink(placed, side) {
  const { width, height } = fitSize(placed, side);
  const by = Math.max(width, height) / Math.max(placed.width, placed.height);
  const spare = { x: placed.spare.x * by, y: placed.spare.y * by };
  return { ...placed, width, height, scale: placed.scale * by, x: placed.x * by, y: placed.y * by, spare };
}

/* A box within the margins of a canvas whose size is given. */
function fitInCanvas(box, width, height, finish) {
  let [left, top, right, bottom] = finish.margins;
  const longer = Math.max(box.width, box.height);
  let units = finish.margin_of === "canvas" ? [width, height] : [1, 1];
  let cramped = false;
  let ratios;
  if (finish.margin_of === "subject") {
    ratios = [width / (box.width + (left + right) * longer), height / (box.height + (top + bottom) * longer)];
  } else {
    const room = () => [width - (left + right) * units[0], height - (top + bottom) * units[1]];
    cramped = Math.min(...room()) < LEAST_ROOM;
    if (cramped) left = top = right = bottom = 0;
    ratios = [room()[0] / box.width, room()[1] / box.height];
  }
  const wanted =
    ({ fit: Math.min(...ratios), fill: Math.max(...ratios) }[finish.scaling] ?? 1) * finish.share;
  const scale = finish.enlarge ? wanted : Math.min(1, wanted);
  if (finish.margin_of === "subject") units = [longer * scale, longer * scale];
  const spare = {
    x: width - (left + right) * units[0] - box.width * scale,
    y: height - (top + bottom) * units[1] - box.height * scale,
  };
  let x = left * units[0] + spare.x * finish.align[0];
  let y = top * units[1] + spare.y * finish.align[1];
  if (scale === 1 && finish.rotation % 90 === 0) [x, y] = [Math.floor(x + 0.5), Math.floor(y + 0.5)];
  return {
    width,
    height,
    scale,
    x: x - box.x * scale,
    y: y - box.y * scale,
    spare,
    smaller: wanted > scale,
    cramped,
  };
}

/** @returns {Point} */
export function toCanvas({ scale, x, y, cosine, sine }, point) {
  return {
    x: x + scale * (cosine * point.x - sine * point.y),
    y: y + scale * (sine * point.x + cosine * point.y),
  };
}

/** @returns {Point} */
export function toPhoto({ scale, x, y, cosine, sine }, point) {
  const [across, down] = [(point.x - x) / scale, (point.y - y) / scale];
  return { x: cosine * across + sine * down, y: cosine * down - sine * across };
}
