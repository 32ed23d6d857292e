/* Paint on the stage: what goes, what must not be copied, and the brush over them.
 *
 * apply(context, operation, plane, pictures, size): does one operation (marks.js) to a plane, "mark" or
 * "avoid", of a context that is scaled to the picture's pixels. What is painted onto one plane
 * leaves the other. pictures: Map of a loaded mask's blob to its picture; size: the picture's own.
 *
 * new PaintLayer(sheet): a layer (stage/layers.js). Its planes have at most FINEST pixels a side, so that a
 * 16-megapixel photo is painted on as quickly as a small one; what is sent is painted anew at full
 * size (mask-file.js). share() → how much of the picture is marked, 0..1, boxes included. */

import { Stripes } from "../../core/hatching.js";
import { clamp } from "./marks.js";

const FINEST = 2048;
const COUNTED = 512; // pixels a side on which the share is counted
const OPACITY = 0.5;

/**
 * @param {Context} context
 * @param {Size} size
 */
export function apply(context, operation, plane, pictures, size) {
  const adds = (operation.kind === "stroke" ? operation.mode : "mark") === plane;
  context.globalCompositeOperation = adds ? "source-over" : "destination-out";
  if (operation.kind === "box") {
    context.fillRect(operation.x, operation.y, operation.width, operation.height);
  } else if (operation.kind === "mask") {
    context.drawImage(pictures.get(operation.blob), 0, 0, size.width, size.height);
  } else {
    stroke(context, operation);
  }
  context.globalCompositeOperation = "source-over";
}

function stroke(context, { points, size }) {
  context.lineWidth = size;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.moveTo(points[0], points[1]);
  // Through the middles of the segments, so that a quick hand's corners are round.
  for (let at = 2; at + 3 < points.length; at += 2) {
    const [x, y, nextX, nextY] = points.slice(at, at + 4);
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(points.at(-2), points.at(-1));
  context.stroke();
}

export class PaintLayer {
  /* Loaded masks, decoded: set before marks that have them are shown. */
  pictures = new Map();
  #planes = { mark: null, avoid: null };
  #done = [];
  #scratch = new OffscreenCanvas(1, 1);
  #counter = new OffscreenCanvas(1, 1);
  #stripes = new Stripes();
  #last = null;
  #drag = false;

  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
  }

  // -- Planes --------------------------------------------------------------------------------------

  #render() {
    const {
      size,
      marks: { paint },
    } = this.sheet;
    const scale = Math.min(1, FINEST / Math.max(size.width, size.height));
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    const grown =
      this.#planes.key === this.sheet.key && this.#done.every((one, index) => one === paint[index]);
    if (!grown) {
      if (this.#planes.width !== width || this.#planes.height !== height) {
        this.#planes = {
          mark: new OffscreenCanvas(width, height),
          avoid: new OffscreenCanvas(width, height),
          width,
          height,
        };
      }
      this.#planes.key = this.sheet.key;
      for (const plane of ["mark", "avoid"])
        this.#planes[plane].getContext("2d").clearRect(0, 0, width, height);
      this.#done = [];
    }
    for (const operation of paint.slice(this.#done.length)) {
      for (const plane of ["mark", "avoid"]) {
        const context = this.#planes[plane].getContext("2d");
        context.setTransform(width / size.width, 0, 0, height / size.height, 0, 0);
        apply(context, operation, plane, this.pictures, size);
        context.resetTransform();
      }
    }
    this.#done = paint;
    return this.#planes;
  }

  share() {
    const { sheet } = this;
    const { width, height } = sheet.size;
    const scale = Math.min(1, COUNTED / Math.max(width, height));
    const wide = Math.max(1, Math.round(width * scale));
    const high = Math.max(1, Math.round(height * scale));
    Object.assign(this.#counter, { width: wide, height: high });
    const context = this.#counter.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#render().mark, 0, 0, wide, high);
    context.setTransform(wide / width, 0, 0, high / height, 0, 0);
    if (sheet.live) apply(context, sheet.live, "mark", this.pictures, sheet.size);
    for (const box of sheet.marks.boxes) context.fillRect(box.x, box.y, box.width, box.height);
    context.resetTransform();
    const { data } = context.getImageData(0, 0, wide, high);
    let total = 0;
    for (let at = 3; at < data.length; at += 4) total += data[at];
    return total / (255 * wide * high);
  }

  // -- Drawing -------------------------------------------------------------------------------------

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const { sheet } = this;
    if (!sheet.shown) return;
    if (sheet.marks.paint.length || sheet.live) {
      const style = getComputedStyle(stage.canvas);
      const planes = this.#render();
      this.#show(
        context,
        stage,
        planes,
        "avoid",
        this.#hatch(context, stage, style.getPropertyValue("--avoid")),
        0.8,
      );
      this.#show(context, stage, planes, "mark", style.getPropertyValue("--mark"), OPACITY);
    }
    if (sheet.hover && sheet.mode !== "box" && sheet.editable) this.#ring(context, stage.view, sheet.hover);
  }

  /* One plane with the live stroke, in its colour, where it meets the screen. */
  /**
   * @param {Context} context
   * @param {Stage} stage
   * @param {string} colour
   * @param {number} opacity
   */
  #show(context, stage, planes, plane, colour, opacity) {
    const {
      view,
      canvas: { width, height },
    } = stage;
    const scratch = this.#scratch;
    if (scratch.width !== width || scratch.height !== height) Object.assign(scratch, { width, height });
    const layer = scratch.getContext("2d");
    const box = view.box();
    const left = Math.max(0, box.x);
    const top = Math.max(0, box.y);
    const wide = Math.min(width, box.x + box.width) - left;
    const high = Math.min(height, box.y + box.height) - top;
    if (wide <= 0 || high <= 0) return;
    layer.save();
    layer.beginPath();
    layer.rect(left, top, wide, high);
    layer.clip();
    layer.clearRect(left, top, wide, high);
    const across = planes.width / box.width;
    const down = planes.height / box.height;
    layer.drawImage(
      planes[plane],
      (left - box.x) * across,
      (top - box.y) * down,
      wide * across,
      high * down,
      left,
      top,
      wide,
      high,
    );
    if (this.sheet.live) {
      layer.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
      apply(layer, this.sheet.live, plane, this.pictures, this.sheet.size);
      layer.resetTransform();
    }
    layer.globalCompositeOperation = "source-in";
    layer.fillStyle = colour;
    layer.fillRect(left, top, wide, high);
    layer.restore();
    context.save();
    context.globalAlpha = opacity;
    context.drawImage(scratch, left, top, wide, high, left, top, wide, high);
    context.restore();
  }

  /* What must not be copied is striped too: colour alone tells not everybody. */
  /**
   * @param {Context} context
   * @param {Stage} stage
   * @param {string} colour
   */
  #hatch(context, stage, colour) {
    return this.#stripes.on(context, colour, Math.round(12 * stage.view.ratio), 0.45);
  }

  /**
   * @param {Context} context
   * @param {View} view
   * @param {Point} point
   */
  #ring(context, view, point) {
    const { x, y } = view.toScreen(point);
    const radius = Math.max(2 * view.ratio, (this.sheet.brush / 2) * view.scale);
    context.save();
    const lines = { "rgb(0 0 0 / .55)": 3, "#fff": 1.5 };
    for (const [colour, width] of Object.entries(lines)) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.strokeStyle = colour;
      context.lineWidth = width * view.ratio;
      context.stroke();
    }
    context.restore();
  }

  // -- The pointer ---------------------------------------------------------------------------------

  pointer({ type, point, path, event }, stage) {
    const { sheet } = this;
    if (type === "down") {
      if (!sheet.editable || sheet.mode === "box") return false;
      const straight = event.shiftKey && this.#last?.key === sheet.key;
      const points = straight ? [...this.#last.point, point.x, point.y] : [point.x, point.y];
      sheet.live = { kind: "stroke", mode: sheet.mode, size: sheet.brush, points };
      this.#drag = true;
      this.#rub();
      return true;
    }
    if (!this.#drag) return false;
    if (type === "move") {
      sheet.hover = event.pointerType === "mouse" ? point : null;
      this.#extend(path, point, event.shiftKey, stage.view);
      this.#rub();
      return true;
    }
    this.#drag = false;
    if (type === "up") this.#finish();
    else sheet.revert();
    return true;
  }

  /**
   * @param {Point} point
   * @param {View} view
   */
  #extend(path, point, straight, view) {
    const { live } = this.sheet;
    if (straight) {
      live.points = [live.points[0], live.points[1], point.x, point.y];
      return;
    }
    // Points closer than the eye or the brush can tell apart only cost time.
    const least = Math.max(view.ratio / view.scale, live.size / 16);
    for (const { x, y } of path) {
      if (Math.hypot(x - live.points.at(-2), y - live.points.at(-1)) >= least)
        live.points.push(round(x), round(y));
    }
  }

  #finish() {
    const { sheet } = this;
    const { live } = sheet;
    this.#last = { key: sheet.key, point: live.points.slice(-2) };
    sheet.set({ ...sheet.marks, paint: [...sheet.marks.paint, live] });
  }

  /* Rubbing at a box turns it into paint, so that what is seen is what is rubbed. */
  #rub() {
    const { sheet } = this;
    const { live, marks } = sheet;
    const rubbed = live.mode === "mark" ? [] : marks.boxes.filter((box) => touches(live, box));
    if (!rubbed.length) {
      sheet.noteChange();
      return;
    }
    if (rubbed.some((box) => box.id === sheet.selected)) sheet.selected = null;
    const paint = [
      ...marks.paint,
      ...rubbed.map(({ x, y, width, height }) => ({ kind: "box", x, y, width, height })),
    ];
    sheet.show({ boxes: marks.boxes.filter((box) => !rubbed.includes(box)), paint });
  }
}

const round = (value) => Math.round(value * 4) / 4; // a quarter of a pixel is fine enough, and short to keep

function touches({ points, size }, box) {
  for (let at = 0; at < points.length; at += 2) {
    const x = points[at] - clamp(points[at], box.x, box.x + box.width);
    const y = points[at + 1] - clamp(points[at + 1], box.y, box.y + box.height);
    if (Math.hypot(x, y) <= size / 2) return true;
    // Between two far points of a straight line there may be a box.
    if (at + 3 < points.length && crosses(points.slice(at, at + 4), box)) return true;
  }
  return false;
}

/* Whether a segment meets a box: by the part of it that lies between each pair of edges. */
function crosses([x1, y1, x2, y2], { x, y, width, height }) {
  let [from, to] = [0, 1];
  for (const [start, by, least, most] of [
    [x1, x2 - x1, x, x + width],
    [y1, y2 - y1, y, y + height],
  ]) {
    if (by === 0) {
      if (start < least || start > most) return false;
    } else {
      const [a, b] = [(least - start) / by, (most - start) / by].sort((one, other) => one - other);
      [from, to] = [Math.max(from, a), Math.min(to, b)];
    }
  }
  return from <= to;
}
