/* Strokes over a cutout: what is painted, while it is painted and until the cutout heeds it.
 *
 * new StrokesLayer(): a layer (stage/layers.js). mode: "", "keep" or "remove"; brush: its diameter in the
 * photo's pixels; shown: the strokes that the result does not heed yet, each as the server takes it,
 * { keep, radius, points: [[x, y], …] }. Event "stroke" (detail: the stroke) once one is done. */
import { Stripes } from "../../core/hatching.js";

const STRIPE = 10; // CSS pixels
const MOST_POINTS = 400;

export class StrokesLayer extends EventTarget {
  mode = "";
  brush = 20;
  shown = [];
  hover = null;
  #live = null;
  #stripes = new Stripes();

  get painting() {
    return this.#live !== null;
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const strokes = this.#live ? [...this.shown, this.#live] : this.shown;
    const style = getComputedStyle(stage.canvas);
    const { view } = stage;
    for (const stroke of strokes) {
      context.save();
      context.globalAlpha = 0.55;
      context.strokeStyle = stroke.keep
        ? style.getPropertyValue("--keep")
        : this.#hatch(context, style, view.ratio);
      context.lineCap = context.lineJoin = "round";
      context.lineWidth = 2 * stroke.radius * view.scale;
      context.beginPath();
      for (const [index, [x, y]] of stroke.points.entries()) {
        const at = view.toScreen({ x, y });
        if (index === 0) context.moveTo(at.x, at.y);
        context.lineTo(at.x, at.y);
      }
      context.stroke();
      context.restore();
    }
    if (this.mode && this.hover) this.#ring(context, view, style);
  }

  /**
   * @param {Context} context
   * @param {CSSStyleDeclaration} style
   * @param {number} ratio
   */
  #hatch(context, style, ratio) {
    return this.#stripes.on(context, style.getPropertyValue("--remove"), Math.round(STRIPE * ratio), 0.6);
  }

  /**
   * @param {Context} context
   * @param {View} view
   * @param {CSSStyleDeclaration} style
   */
  #ring(context, view, style) {
    const { x, y } = view.toScreen(this.hover);
    const radius = Math.max(2 * view.ratio, (this.brush / 2) * view.scale);
    const colour = style.getPropertyValue(this.mode === "keep" ? "--keep" : "--remove");
    context.save();
    const lines = { "#fff": 4, [colour]: 2 };
    for (const [line, width] of Object.entries(lines)) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.strokeStyle = line;
      context.lineWidth = width * view.ratio;
      context.stroke();
    }
    context.restore();
  }

  pointer({ type, point, path, event }, stage) {
    if (type === "down") {
      if (!this.mode) return false;
      this.#live = { keep: this.mode === "keep", radius: this.brush / 2, points: [pair(point)] };
      this.hover = null;
    } else if (!this.#live) {
      return false;
    } else if (type === "move") {
      this.#extend(path, stage.view);
      this.hover = event.pointerType === "mouse" ? point : null;
    } else {
      const stroke = this.#live;
      this.#live = null;
      if (type === "up") this.finish(stroke);
    }
    stage.invalidate();
    return true;
  }

  /** @param {View} view */
  #extend(path, view) {
    const { points, radius } = this.#live;
    // Points closer than the eye or the brush can tell apart only cost time.
    const least = Math.max(view.ratio / view.scale, radius / 6);
    for (const { x, y } of path) {
      const [lastX, lastY] = points.at(-1);
      if (points.length < MOST_POINTS && Math.hypot(x - lastX, y - lastY) >= least)
        points.push(pair({ x, y }));
    }
  }

  /* One dab where the ring is, for whoever has no pointer. */
  dab() {
    if (this.mode && this.hover)
      this.finish({ keep: this.mode === "keep", radius: this.brush / 2, points: [pair(this.hover)] });
  }

  finish(stroke) {
    this.shown = [...this.shown, stroke];
    this.dispatchEvent(new CustomEvent("stroke", { detail: stroke }));
  }
}

const round = (value) => Math.round(value * 4) / 4;
const pair = ({ x, y }) => [round(x), round(y)];
