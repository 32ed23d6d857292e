/* What is to stand in the scene: a decoded picture, and where in it the product is.
 *
 * new Product(picture, stance): box is around all that is visible of it, in the picture's pixels; foot =
 * {from, to} where it touches the ground, as shares of the box's width. seeThrough: whether there is
 * nothing around it; a photo that was not cut out yet is all product until the studio has cut it out.
 * stance: how it was photographed, as the studio found out when it cut it out; it is asked with it. */
const LOOKED_AT = 256; // pixels of the longer side: enough to find the box to half a percent
const VISIBLE = 24; // of 255
const LEAST_CLEAR = 0.002; // of all pixels
const FOOT = 0.04; // of the height: the band in which it stands

export class Product {
  /** @param {Picture} picture */
  constructor(picture, stance = "") {
    this.picture = picture;
    this.stance = Object.fromEntries(new URLSearchParams(stance));
    const found = visible(picture);
    this.seeThrough = Boolean(found);
    const all = {
      box: { x: 0, y: 0, width: picture.width, height: picture.height },
      foot: { from: 0, to: 1 },
    };
    Object.assign(this, found || all);
  }
}

/** @param {Picture} picture */
function visible(picture) {
  const scale = Math.min(1, LOOKED_AT / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const all = { x: 0, y: 0, width, height };
  picture.draw(context, all, all);
  const { data } = context.getImageData(0, 0, width, height);
  const whole = bounds(data, width, 0, height);
  if (!whole || !clear(data)) return null;
  const { left, top, right, bottom } = whole;
  const across = right - left + 1;
  const foot = bounds(data, width, Math.floor(bottom - FOOT * (bottom - top)), bottom + 1);
  return {
    box: { x: left / scale, y: top / scale, width: across / scale, height: (bottom - top + 1) / scale },
    foot: { from: (foot.left - left) / across, to: (foot.right + 1 - left) / across },
  };
}

/* Whether something of it can be seen through, beyond a soft edge. */
function clear(data) {
  let count = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] <= VISIBLE) count += 1;
  return count > (LEAST_CLEAR * data.length) / 4;
}

/* The box around what is visible in some rows; null where nothing is. */
/** @param {number} width */
function bounds(data, width, first, end) {
  let [left, top, right, bottom] = [width, end, -1, -1];
  for (let y = first; y < end; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[4 * (y * width + x) + 3] <= VISIBLE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, right, bottom };
}
