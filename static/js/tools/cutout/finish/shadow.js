/* The shadow of what is cut out on a plain ground: as the engine has it (editor/engines/finishing/shadow.py).
 *
 * new Shadow(): draw(context, box, picture) draws what a FinishedPicture throws where its canvas fills the box.
 * A shadow is soft, so it is made small, and anew only when something that it depends on changed. Shares are of
 * the longer side of the subject's box, so that it looks alike at every size. */
import { blurChannel } from "./blur.js";
import { boxOf, fitSize } from "./frame.js";
import { VISIBLE } from "./screen-copy.js";

const SIDE = 512;
/** Of a reflection that is sharp. */
const SHARP_SIDE = 1024;
/** What is left of a Gaussian's deviation where it is cut off at three of them, as the engine does. */
const CUT_OFF = 0.9866;

const DROP_DISTANCE = 0.06;
const DROP_BLUR = [0.006, 0.07];
const CONTACT_HEIGHT = 0.11;
const CONTACT_LEAN = 0.45;
const CONTACT_BLUR = [0.008, 0.05];
const TOUCH_HEIGHT = 0.035;
const TOUCH_BLUR = 0.006;
const REFLECTION_HEIGHT = 0.4;
const REFLECTION_BLUR = [0, 0.015];

/** @param {number[]} ends */
const between = ([from, to], share) => from + (to - from) * share;
const radians = (degrees) => (degrees * Math.PI) / 180;

export class Shadow {
  #key = "";
  #canvas = null;

  draw(context, box, picture) {
    const { finish, placement } = picture;
    const { shadow, shadow_strength, shadow_softness, shadow_direction } = finish;
    if (!shadow || !shadow_strength) return;
    const lit = shadow === "reflection" ? [finish.exposure, finish.warmth, finish.tint] : [];
    const key = JSON.stringify([
      shadow,
      shadow_strength,
      shadow_softness,
      shadow_direction,
      placement,
      lit,
      picture.copy.width,
    ]);
    if (key !== this.#key) {
      this.#key = key;
      this.#canvas = shadow === "reflection" ? reflect(picture) : cast(picture);
    }
    if (!this.#canvas) return;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "low"; // it is enlarged: between pixels alone, as the engine does
    context.drawImage(this.#canvas, box.x, box.y, box.width, box.height);
  }
}

/* A canvas of the finish's shape with the product on it. */
function makeSmall(picture, side) {
  const { width, height } = fitSize(picture, side);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return { canvas, context, width, height };
}

/* What of the product is seen where, 0..1, and the box around it; null where nothing is. */
function readAlpha({ context, width, height }) {
  const { data } = context.getImageData(0, 0, width, height);
  const alpha = new Float32Array(width * height);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const value = data[4 * at + 3];
      if (!value) continue;
      alpha[at] = value / 255;
      if (value <= VISIBLE) continue;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
      if (row < top) top = row;
      bottom = row + 1;
    }
  }
  return right > left ? { alpha, left, top, right, bottom } : null;
}

/** @param {import("./finished-picture.js").FinishedPicture} picture */
function cast(picture) {
  const { finish } = picture;
  const small = makeSmall(picture, SIDE);
  const { canvas, context, width, height } = small;
  picture.drawProduct(context, { x: 0, y: 0, width, height });
  const seen = readAlpha(small);
  if (!seen) return null;
  const drawn = (finish.shadow === "drop" ? drop : contact)(seen, width, height, finish);
  const image = context.createImageData(width, height);
  const most = 255 * finish.shadow_strength;
  for (let at = 0; at < drawn.length; at += 1)
    if (drawn[at]) image.data[4 * at + 3] = Math.round(most * drawn[at]);
  context.putImageData(image, 0, 0);
  return canvas;
}

const unitOf = ({ left, top, right, bottom }) => Math.max(right - left, bottom - top);
const blur = (layer, width, height, deviation) => blurChannel(layer, width, height, CUT_OFF * deviation);

/**
 * A layer whose rows are moved: each asks for the row (between two) and the shift that it shows.
 *
 * @param {(row: number) => { y: number, x: number }} from where a row's first pixel comes from
 */
function moveRows(layer, width, height, from) {
  const made = new Float32Array(layer.length);
  for (let row = 0; row < height; row += 1) {
    const { x, y } = from(row);
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [down, across] = [y - top, x - left];
    for (const [source, share] of [
      [top, 1 - down],
      [top + 1, down],
    ]) {
      if (source < 0 || source >= height || !share) continue;
      for (const [shift, part] of [
        [left, (1 - across) * share],
        [left + 1, across * share],
      ]) {
        if (!part) continue;
        const start = source * width + shift;
        const end = Math.min(width, width - shift);
        for (let column = Math.max(0, -shift); column < end; column += 1)
          made[row * width + column] += layer[start + column] * part;
      }
    }
  }
  return made;
}

/* The subject's own shape, moved away from the light and blurred. */
function drop(seen, width, height, finish) {
  const unit = unitOf(seen);
  const turned = radians(finish.shadow_direction);
  const [across, down] = [-DROP_DISTANCE * unit * Math.sin(turned), DROP_DISTANCE * unit * Math.cos(turned)];
  const moved = moveRows(seen.alpha, width, height, (row) => ({ x: -across, y: row - down }));
  return blur(moved, width, height, between(DROP_BLUR, finish.shadow_softness) * unit);
}

/* What the subject casts on the floor it stands on, dark where it touches. */
function contact(seen, width, height, finish) {
  const unit = unitOf(seen);
  const lean = -CONTACT_LEAN * Math.sin(radians(finish.shadow_direction));
  const fallen = fall(seen.alpha, seen, width, height, CONTACT_HEIGHT, lean);
  const wide = blur(fallen, width, height, between(CONTACT_BLUR, finish.shadow_softness) * unit);
  const low = Math.max(
    seen.top,
    seen.bottom - Math.max(1, Math.round(TOUCH_HEIGHT * (seen.bottom - seen.top))),
  );
  const feet = seen.alpha.slice();
  feet.fill(0, 0, low * width);
  feet.fill(0, seen.bottom * width);
  const laid = fall(feet, seen, width, height, 0.5, 0);
  const tight = blur(laid, width, height, Math.max(0.6, TOUCH_BLUR * unit));
  for (let at = 0; at < wide.length; at += 1) {
    if (wide[at] || tight[at]) wide[at] = 1 - (1 - 0.7 * wide[at]) * (1 - tight[at]);
  }
  return wide;
}

/* A shape laid down about the line that it stands on: squeezed to a height, leaning to a side. */
function fall(layer, { bottom }, width, height, squeezed, lean) {
  const floor = bottom - 0.5;
  return moveRows(layer, width, height, (row) => ({
    x: (lean / squeezed) * (row - floor),
    y: floor + (row - floor) / squeezed,
  }));
}

/**
 * The subject upside down under the line that it stands on, fading.
 *
 * @param {import("./finished-picture.js").FinishedPicture} picture
 */
function reflect(picture) {
  const { finish, size, copy } = picture;
  const outline = boxOf(copy.outline(size.width, size.height).map((point) => picture.toCanvas(point)));
  const tall = fitSize(picture, SIDE).height / picture.height;
  const unit = Math.max(outline.width, outline.height) * tall;
  const deviation = between(REFLECTION_BLUR, finish.shadow_softness) * unit;
  const soft = deviation >= 0.3;
  const { canvas, context, width, height } = makeSmall(picture, soft ? SIDE : SHARP_SIDE);
  const down = height / picture.height;
  const [floor, high] = [(outline.y + outline.height) * down, outline.height * down];
  const shown = Math.min(height - floor, high, Math.max(1, REFLECTION_HEIGHT * high));
  if (shown <= 0) return null;
  context.save();
  context.beginPath();
  context.rect(0, floor, width, shown);
  context.clip();
  context.translate(0, 2 * floor);
  context.scale(1, -1);
  picture.drawProduct(context, { x: 0, y: 0, width, height });
  context.restore();
  const fade = context.createLinearGradient(0, floor, 0, floor + REFLECTION_HEIGHT * high);
  fade.addColorStop(0, `rgb(0 0 0 / ${finish.shadow_strength})`);
  fade.addColorStop(1, "rgb(0 0 0 / 0)");
  context.globalCompositeOperation = "destination-in";
  context.fillStyle = fade;
  context.fillRect(0, 0, width, height);
  if (soft) soften(context, width, height, CUT_OFF * deviation);
  return canvas;
}

/* Blur what is see-through: colours weighed by how much there is of them. */
function soften(context, width, height, deviation) {
  const image = context.getImageData(0, 0, width, height);
  const { data } = image;
  const count = width * height;
  const layers = [0, 1, 2, 3].map(() => new Float32Array(count));
  for (let at = 0; at < count; at += 1) {
    const alpha = data[4 * at + 3];
    if (!alpha) continue;
    for (let channel = 0; channel < 3; channel += 1) layers[channel][at] = data[4 * at + channel] * alpha;
    layers[3][at] = alpha;
  }
  const [red, green, blue, alpha] = layers.map((layer) => blurChannel(layer, width, height, deviation));
  for (let at = 0; at < count; at += 1) {
    if (!alpha[at]) continue;
    data[4 * at] = Math.round(red[at] / alpha[at]);
    data[4 * at + 1] = Math.round(green[at] / alpha[at]);
    data[4 * at + 2] = Math.round(blue[at] / alpha[at]);
    data[4 * at + 3] = Math.round(alpha[at]);
  }
  context.putImageData(image, 0, 0);
}
