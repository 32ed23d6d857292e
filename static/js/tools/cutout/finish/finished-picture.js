/* A cutout with its finish, in place of the result's picture on the stage (stage/layers.js, PhotoLayer).
 *
 * new FinishedPicture(copy, size): copy is a ScreenCopy, size the photo's. patches: what changes the copy;
 * photo: of which photo it is.
 *   finish, backdrop    what is shown: a Finish, the Picture behind or null; set them, and it is drawn so
 *   width, height       the canvas's, in its own pixels; aligned: whether it lies on the photo as it is
 *   placement           see frame.js; toPhoto(point), toCanvas(point)
 *   draw(context, box, clip), dispose()   as Picture has them
 *
 * Nothing is made as large as the canvas: ground, shadow and product are drawn at the screen's size, each from
 * what is kept of it as long as it does not change. */
import { Patches } from "../patches.js";
import { blurPicture } from "./blur.js";
import { DEFAULTS } from "./finish.js";
import { fitSize, place, toCanvas, toPhoto } from "./frame.js";
import { isLit, lightKey, makeTables, tint } from "./light.js";
import { Shadow } from "./shadow.js";

/** Pixels of the longer side at which a picture behind is blurred. */
const BLURRED_SIDE = 512;
/** Deviation of the strongest blur, as a share of the canvas's longer side. */
const MOST_BLUR = 0.05;

export class FinishedPicture {
  backdrop = null;
  photo = "";
  #finish = DEFAULTS;
  #placement = null;
  #tinted = { key: "", levels: [] };
  #blurred = { picture: null, key: "", canvas: null };
  #shadow = new Shadow();

  /**
   * @param {import("./screen-copy.js").ScreenCopy} copy
   * @param {Size} size
   */
  constructor(copy, size) {
    this.copy = copy;
    this.size = size;
    this.patches = new Patches(copy);
  }

  /** @param {Finish} finish */
  set finish(finish) {
    this.#finish = finish;
    this.#placement = null;
  }

  get finish() {
    return this.#finish;
  }

  get placement() {
    const { width, height } = this.size;
    this.#placement ??= place(this.copy.outline(width, height), this.size, this.#finish);
    return this.#placement;
  }

  get width() {
    return this.placement.width;
  }

  get height() {
    return this.placement.height;
  }

  get aligned() {
    const { canvas, scaling, rotation } = this.#finish;
    return canvas === "photo" && scaling === "stay" && rotation === 0;
  }

  /** @param {Point} point */
  toPhoto(point) {
    return toPhoto(this.placement, point);
  }

  /** @param {Point} point */
  toCanvas(point) {
    return toCanvas(this.placement, point);
  }

  /**
   * @param {Context} context
   * @param {Box} box
   * @param {Box} clip
   */
  draw(context, box, clip) {
    if (!this.copy.levels.length) return;
    const left = Math.max(box.x, clip.x);
    const top = Math.max(box.y, clip.y);
    const right = Math.min(box.x + box.width, clip.x + clip.width);
    const bottom = Math.min(box.y + box.height, clip.y + clip.height);
    if (right <= left || bottom <= top) return;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    this.#drawGround(context, box, { x: left, y: top, width: right - left, height: bottom - top });
    this.#shadow.draw(context, box, this);
    this.drawProduct(context, box);
    context.restore();
  }

  #drawGround(context, box, seen) {
    const { background, format } = this.#finish;
    const fill = (colour) => {
      context.fillStyle = colour;
      context.fillRect(seen.x, seen.y, seen.width, seen.height);
    };
    // A file without transparency has white behind all of it, and so has a picture that is see-through itself.
    if (format === "jpg" || this.backdrop) fill("#fff");
    if (this.backdrop) this.#drawBackdrop(context, box);
    else if (background) fill(background);
  }

  /* Where a picture behind lies, so that it covers the box. */
  backdropBox({ x, y, width, height }) {
    const { backdrop_zoom: zoom, backdrop_at: at } = this.#finish;
    const { width: wide, height: high } = this.backdrop;
    const scale = Math.max(width / wide, height / high) * zoom;
    return {
      x: x + (width - wide * scale) * at[0],
      y: y + (height - high * scale) * at[1],
      width: wide * scale,
      height: high * scale,
    };
  }

  #drawBackdrop(context, box) {
    if (!this.#finish.backdrop_blur) {
      this.backdrop.draw(context, this.backdropBox(box), box);
      return;
    }
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#blurBackdrop(), box.x, box.y, box.width, box.height);
  }

  /* What is seen of the picture behind, small and soft. */
  #blurBackdrop() {
    const { backdrop, finish } = this;
    // The softer it is the fewer pixels say so: what is dragged must keep up with the hand.
    const deviation = MOST_BLUR * finish.backdrop_blur;
    const { width, height } = fitSize(this, deviation > 0.015 ? BLURRED_SIDE / 2 : BLURRED_SIDE);
    const key = JSON.stringify([
      finish.backdrop_blur,
      finish.backdrop_zoom,
      finish.backdrop_at,
      width,
      height,
    ]);
    if (this.#blurred.picture === backdrop && this.#blurred.key === key) return this.#blurred.canvas;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const all = { x: 0, y: 0, width, height };
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    backdrop.draw(context, this.backdropBox(all), all);
    blurPicture(context, width, height, deviation * Math.max(width, height));
    this.#blurred = { picture: backdrop, key, canvas };
    return canvas;
  }

  /**
   * The product alone, where it lies when the canvas fills the box.
   *
   * @param {Context} context
   * @param {Box} box
   */
  drawProduct(context, box) {
    const { scale, x, y, cosine, sine } = this.placement;
    const [across, down] = [box.width / this.width, box.height / this.height];
    const level = this.#levelOf(this.size.width * scale * across);
    context.save();
    context.translate(box.x, box.y);
    context.scale(across, down);
    context.transform(scale * cosine, scale * sine, -scale * sine, scale * cosine, x, y);
    context.imageSmoothingEnabled = !this.#isPixelForPixel(level, scale * across);
    context.imageSmoothingQuality = "high";
    context.drawImage(level, 0, 0, this.size.width, this.size.height);
    context.restore();
  }

  /* Above 200 % pixels stay squares, as those of every picture here. */
  #isPixelForPixel(level, shown) {
    return level.width === this.size.width && shown > 2;
  }

  /* What of the copy is drawn at this width, in the light of the finish. */
  #levelOf(width) {
    const index = this.copy.find(width);
    if (!isLit(this.#finish)) return this.copy.levels[index];
    const key = `${lightKey(this.#finish)} ${this.copy.version}`;
    if (this.#tinted.key !== key) this.#tinted = { key, levels: [] };
    this.#tinted.levels[index] ??= tint(this.copy.levels[index], makeTables(this.#finish));
    return this.#tinted.levels[index];
  }

  dispose() {
    this.copy.dispose();
    this.#tinted = { key: "", levels: [] };
    this.#blurred = { picture: null, key: "", canvas: null };
  }
}
