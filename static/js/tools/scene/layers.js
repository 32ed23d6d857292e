/* The scene before it is made, as layers of the stage (stage/layers.js): a calm stand-in, and on it the product.
 *
 * StandInLayer: the tones of the chosen scene above and below the horizon, or the photo of one's own,
 * cut to the picture's shape. show({thumbnail | file | address | colours}) says of what.
 * ProductLayer: the cutout with a hint of its shadow; dragged it moves, its corners, a wheel over it and
 * two fingers scale it about its foot. */
import { Picture } from "../../stage/picture.js";
import { SCALES } from "./placement.js";

const REACH = { mouse: 10, pen: 14, touch: 24 }; // CSS pixels around a corner that are its own
const MEANT = 4;
const ROWS = 32; // of a thumbnail's tones

export class StandInLayer {
  backdrop = null;
  #tones = null;
  #wanted = null;

  /** @param {Placing} placing */
  constructor(placing) {
    this.placing = placing;
  }

  async show(scene) {
    this.#wanted = scene;
    const { thumbnail, file, address, colours } = scene;
    const source = file || address;
    const picture = source ? await Picture.load(source).catch(() => null) : null;
    const tones = thumbnail ? await tonesOf(thumbnail).catch(() => null) : null;
    if (this.#wanted !== scene) {
      picture?.dispose();
      return;
    }
    this.backdrop?.dispose();
    this.backdrop = picture;
    this.#tones = mixTones(tones, colours);
    this.placing.standOn(picture);
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const { placing } = this;
    if (!placing.arranging) return;
    const box = stage.view.box();
    if (this.backdrop) {
      this.#photo(context, stage, box);
      return;
    }
    const horizon = box.y + box.height * Math.min(0.96, Math.max(0.04, placing.horizon));
    const style = getComputedStyle(stage.canvas);
    const tones = this.#tones || {
      above: [style.getPropertyValue("--above"), style.getPropertyValue("--above-low")],
      below: [style.getPropertyValue("--below-far"), style.getPropertyValue("--below")],
    };
    fill(context, { ...box, height: horizon - box.y }, tones.above);
    fill(context, { ...box, y: horizon, height: box.y + box.height - horizon }, tones.below);
    line(context, stage, box, horizon);
  }

  /* The photo covers the picture; what sticks out is cut off on both sides alike. */
  /**
   * @param {Context} context
   * @param {Stage} stage
   * @param {Box} box
   */
  #photo(context, stage, box) {
    const { backdrop } = this;
    const scale = Math.max(box.width / backdrop.width, box.height / backdrop.height);
    const [width, height] = [backdrop.width * scale, backdrop.height * scale];
    const whole = { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
    const seen = { x: Math.max(0, box.x), y: Math.max(0, box.y) };
    seen.width = Math.min(stage.view.width, box.x + box.width) - seen.x;
    seen.height = Math.min(stage.view.height, box.y + box.height) - seen.y;
    backdrop.draw(context, whole, seen);
  }

  dispose() {
    this.backdrop?.dispose();
  }
}

/**
 * @param {Context} context
 * @param {Box} box
 */
function fill(context, box, stops) {
  if (box.height <= 0) return;
  const shade = context.createLinearGradient(0, box.y, 0, box.y + box.height);
  for (const [index, colour] of stops.entries())
    shade.addColorStop(stops.length > 1 ? index / (stops.length - 1) : 0, colour);
  context.fillStyle = shade;
  context.fillRect(box.x, box.y, box.width, Math.ceil(box.height));
}

/**
 * @param {Context} context
 * @param {Stage} stage
 * @param {Box} box
 * @param {number} y
 */
function line(context, stage, box, y) {
  const { ratio } = stage.view;
  context.save();
  context.setLineDash([6 * ratio, 6 * ratio]);
  const dashes = { "rgb(255 255 255 / .6)": 0, "rgb(0 0 0 / .45)": 6 * ratio };
  for (const [colour, shift] of Object.entries(dashes)) {
    context.strokeStyle = colour;
    context.lineDashOffset = shift;
    context.lineWidth = ratio;
    context.beginPath();
    context.moveTo(box.x, Math.round(y) + 0.5);
    context.lineTo(box.x + box.width, Math.round(y) + 0.5);
    context.stroke();
  }
  context.setLineDash([]);
  context.font = `500 ${11 * ratio}px ${getComputedStyle(stage.canvas).fontFamily}`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  // Read on light tones and on dark ones.
  /** @type {[string, number, number]} */
  const place = [gettext("Horizon"), box.x + box.width - 10 * ratio, y - 3 * ratio];
  context.strokeStyle = "rgb(255 255 255 / .7)";
  context.lineWidth = 3 * ratio;
  context.lineJoin = "round";
  context.strokeText(...place);
  context.fillStyle = "rgb(0 0 0 / .75)";
  context.fillText(...place);
  context.restore();
}

/* The colours of a thumbnail's sides from top to bottom, where its own product does not stand. */
/** @param {string} address */
async function tonesOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const context = new OffscreenCanvas(2, ROWS).getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  const side = Math.max(1, image.naturalWidth * 0.1);
  context.drawImage(image, 0, 0, side, image.naturalHeight, 0, 0, 1, ROWS);
  context.drawImage(image, image.naturalWidth - side, 0, side, image.naturalHeight, 1, 0, 1, ROWS);
  const { data } = context.getImageData(0, 0, 2, ROWS);
  return Array.from({ length: ROWS }, (_, row) =>
    [0, 1, 2].map((part) => (data[row * 8 + part] + data[row * 8 + 4 + part]) / 2),
  );
}

/* Tones above and below the horizon: of the rows, unless a colour was chosen. */
function mixTones(rows, colours = {}) {
  if (!rows && !colours.surface && !colours.backdrop) return null;
  const pick = (from, to) =>
    (rows || [])
      .slice(Math.round(from * ROWS), Math.round(to * ROWS))
      .filter((_, index) => index % 4 === 0)
      .map(([r, g, b]) => `rgb(${r} ${g} ${b})`);
  const shades = (colour) => [
    `color-mix(in oklab, ${colour}, white 8%)`,
    `color-mix(in oklab, ${colour}, black 6%)`,
  ];
  const above = colours.backdrop ? shades(colours.backdrop) : pick(0, 0.55);
  const below = colours.surface ? shades(colours.surface) : pick(0.62, 1);
  return { above: above.length ? above : shades("#d9d4cb"), below: below.length ? below : shades("#c9c2b6") };
}

export class ProductLayer {
  #drag = null;
  #pinched = false;

  /** @param {Placing} placing */
  constructor(placing) {
    this.placing = placing;
  }

  // -- Drawing -------------------------------------------------------------------------------------

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const { placing } = this;
    if (!placing.arranging) return;
    const { box: part, picture, seeThrough } = placing.product;
    const to = onScreen(placing.box, stage.view);
    const unit = to.width / part.width;
    const whole = {
      x: to.x - part.x * unit,
      y: to.y - part.y * unit,
      width: picture.width * unit,
      height: picture.height * unit,
    };
    const all = { x: 0, y: 0, width: stage.view.width, height: stage.view.height };
    const frame = stage.view.box();
    context.save();
    context.beginPath();
    context.rect(frame.x, frame.y, frame.width, frame.height);
    context.clip();
    if (seeThrough) shadow(context, to, placing.product.foot);
    context.globalAlpha = seeThrough ? 1 : 0.55;
    picture.draw(context, whole, all);
    context.restore();
    if (placing.editable) this.#handles(context, stage, to);
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   * @param {Box} box
   */
  #handles(context, stage, box) {
    const { ratio } = stage.view;
    const accent = getComputedStyle(stage.canvas).getPropertyValue("--handle");
    const lines = { "rgb(255 255 255 / .8)": 3, [accent]: 1.5 };
    for (const [colour, width] of Object.entries(lines)) {
      context.strokeStyle = colour;
      context.lineWidth = width * ratio;
      context.strokeRect(box.x, box.y, box.width, box.height);
    }
    for (const { x, y } of corners(box)) {
      context.beginPath();
      context.arc(x, y, 6 * ratio, 0, 2 * Math.PI);
      context.fillStyle = "#fff";
      context.strokeStyle = accent;
      context.lineWidth = 2 * ratio;
      context.fill();
      context.stroke();
    }
  }

  // -- The pointer ---------------------------------------------------------------------------------

  pointer({ type, point, event }, stage) {
    const { placing } = this;
    if (type === "down") return this.#down(point, event, stage);
    if (!this.#drag) return false;
    if (type === "move") {
      this.#move(point, event);
      return true;
    }
    if (type === "cancel") placing.revert(this.#drag.before);
    else if (this.#drag.meant) placing.settle();
    this.#drag = null;
    return true;
  }

  /**
   * @param {Point} point
   * @param {Stage} stage
   */
  #down(point, event, stage) {
    const { placing } = this;
    const hit = placing.editable && this.#hit(point, event.pointerType, stage);
    if (!hit) return false;
    const before = placing.put ? placing.place : null;
    this.#drag = {
      hit,
      point,
      before,
      place: placing.place,
      start: { x: event.clientX, y: event.clientY },
      meant: false,
    };
    return true;
  }

  /** @param {Point} point */
  #move(point, event) {
    const { placing } = this;
    const drag = this.#drag;
    drag.meant ||= Math.hypot(event.clientX - drag.start.x, event.clientY - drag.start.y) >= MEANT;
    if (!drag.meant) return;
    const { width, height } = placing.frame;
    const [x, y, scale] = drag.place;
    if (drag.hit === "body") {
      placing.show([x + (point.x - drag.point.x) / width, y + (point.y - drag.point.y) / height, scale]);
      return;
    }
    const far = (one) => Math.hypot(one.x - x * width, one.y - y * height);
    placing.show([x, y, scale * (far(point) / Math.max(1, far(drag.point)))]);
  }

  /**
   * @param {Point} point
   * @param {Stage} stage
   */
  #hit(point, kind, stage) {
    const { box } = this.placing;
    const reach = ((REACH[kind] || REACH.mouse) * stage.view.ratio) / stage.view.scale;
    if (corners(box).some((corner) => Math.hypot(corner.x - point.x, corner.y - point.y) <= reach))
      return "corner";
    const inside =
      point.x >= box.x - reach &&
      point.x <= box.x + box.width + reach &&
      point.y >= box.y - reach &&
      point.y <= box.y + box.height + reach;
    return inside ? "body" : "";
  }

  /**
   * @param {Point} point
   * @param {Stage} stage
   */
  cursorAt(point, stage) {
    if (!this.placing.editable) return "";
    return { corner: "nwse-resize", body: "move" }[this.#hit(point, "mouse", stage)] || "";
  }

  /* Two fingers of which the first was on the product: it follows them both. */
  pinch({ by, from, to, end }) {
    const { placing } = this;
    if (!placing.editable) return false;
    if (end) {
      if (this.#pinched) placing.settle();
      this.#pinched = false;
      return true;
    }
    const [x, y, scale] = placing.place;
    placing.show([
      x + (to.x - from.x) / placing.frame.width,
      y + (to.y - from.y) / placing.frame.height,
      scale * by,
    ]);
    this.#pinched = true;
    return true;
  }

  wheel({ point, by }, stage) {
    const { placing } = this;
    if (!placing.editable || !this.#hit(point, "mouse", stage)) return false;
    const [x, y, scale] = placing.place;
    placing.set([x, y, Math.min(SCALES[1], Math.max(SCALES[0], scale * by))], "wheel");
    return true;
  }
}

function corners({ x, y, width, height }) {
  return [
    { x, y },
    { x: x + width, y },
    { x, y: y + height },
    { x: x + width, y: y + height },
  ];
}

/**
 * @param {Box} box
 * @param {View} view
 */
function onScreen(box, view) {
  const { x, y } = view.toScreen(box);
  return { x, y, width: box.width * view.scale, height: box.height * view.scale };
}

/* Where it touches the ground, so that it is seen to stand, not to hang. */
/**
 * @param {Context} context
 * @param {Box} box
 */
function shadow(context, box, foot) {
  const [x, y] = [box.x + (box.width * (foot.from + foot.to)) / 2, box.y + box.height];
  const half = (box.width * (foot.to - foot.from)) / 2;
  const [wide, flat] = [half * 1.3 + box.width * 0.02, Math.max(2, half * 0.24)];
  context.save();
  context.translate(x, y - flat * 0.25);
  context.scale(1, flat / wide);
  const shade = context.createRadialGradient(0, 0, 0, 0, 0, wide);
  shade.addColorStop(0, "rgb(0 0 0 / .38)");
  shade.addColorStop(0.6, "rgb(0 0 0 / .16)");
  shade.addColorStop(1, "rgb(0 0 0 / 0)");
  context.fillStyle = shade;
  context.fillRect(-wide, -wide, 2 * wide, 2 * wide);
  context.restore();
}
