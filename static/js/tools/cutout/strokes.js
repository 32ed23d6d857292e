/* Strokes over a cutout: what is painted, while it is painted and until the cutout heeds it.
 *
 * new StrokesLayer(lie): a layer (stage/layers.js). mode: "", "keep", "remove", "region" or "through";
 * brush: its diameter in the photo's pixels; opacity: 0..1, of what is painted in "through"; fills(point): whether a
 * click in "region" fills, else it opens; shown: the strokes that the result does not heed yet, each as the server
 * takes it, { keep, radius, points: [[x, y], …] }, and region, or opacity. lie() says how the photo lies on the stage: toPhoto(point) and
 * toWorld(point), and how large one of its pixels is there (scale). Events, detail the stroke: "begin" and
 * "extend" while one is painted, "cancel", and "stroke" once it is done. answered: whether what is painted
 * shows in the picture itself, so that the stroke needs not be seen on it. */
import { Stripes } from "../../core/hatching.js";

const STRIPE = 10; // CSS pixels
const MOST_POINTS = 400;
const COLOURS = { keep: "--keep", remove: "--remove", region: "--region", through: "--through" };

export class StrokesLayer extends EventTarget {
  mode = "";
  brush = 20;
  opacity = 0.5;
  /** @type {(point: number[]) => boolean} */
  fills = () => false;
  shown = [];
  hover = null;
  answered = false;
  #live = null;
  #stripes = new Stripes();

  constructor(lie) {
    super();
    this.lie = lie;
  }

  get painting() {
    return this.#live !== null;
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const painted = this.answered ? [] : this.shown;
    const strokes = this.#live ? [...painted, this.#live] : painted;
    const style = getComputedStyle(stage.canvas);
    const { view } = stage;
    const { scale, toWorld } = this.lie();
    for (const stroke of strokes) {
      context.save();
      context.globalAlpha = this.answered ? 0.3 : 0.55;
      context.strokeStyle = stroke.keep
        ? style.getPropertyValue(stroke.opacity === undefined ? "--keep" : "--through")
        : this.#hatch(context, style, view.ratio);
      context.lineCap = context.lineJoin = "round";
      context.lineWidth = 2 * stroke.radius * scale * view.scale;
      context.beginPath();
      for (const [index, [x, y]] of stroke.points.entries()) {
        const at = view.toScreen(toWorld({ x, y }));
        if (index === 0) context.moveTo(at.x, at.y);
        context.lineTo(at.x, at.y);
      }
      context.stroke();
      context.restore();
    }
    if (this.mode && this.hover) this.#ring(context, view, style, scale);
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
   * @param {number} scale
   */
  #ring(context, view, style, scale) {
    const { x, y } = view.toScreen(this.hover);
    const brush = this.mode === "region" ? 0 : (this.brush / 2) * scale * view.scale;
    const radius = Math.max((brush ? 2 : 5) * view.ratio, brush);
    const colour = style.getPropertyValue(COLOURS[this.mode]);
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
      if (this.mode === "region") {
        this.finish(this.#start(point));
        return true;
      }
      this.#live = this.#start(point);
      this.hover = null;
      this.#say("begin", this.#live);
    } else if (!this.#live) {
      return false;
    } else if (type === "move") {
      this.#extend(path, stage.view);
      this.#say("extend", this.#live);
      this.hover = event.pointerType === "mouse" ? point : null;
    } else {
      const stroke = this.#live;
      this.#live = null;
      if (type === "up") this.finish(stroke);
      else this.#say("cancel", stroke);
    }
    stage.invalidate();
    return true;
  }

  /** @param {View} view */
  #extend(path, view) {
    const { points, radius } = this.#live;
    // Points closer than the eye or the brush can tell apart only cost time.
    const least = Math.max(view.ratio / (view.scale * this.lie().scale), radius / 6);
    for (const one of path) {
      const [x, y] = this.#at(one);
      const [lastX, lastY] = points.at(-1);
      if (points.length < MOST_POINTS && Math.hypot(x - lastX, y - lastY) >= least) points.push([x, y]);
    }
  }

  /* One dab where the ring is, for whoever has no pointer. */
  dab() {
    if (!this.mode || !this.hover) return;
    const stroke = this.#start(this.hover);
    if (!stroke.region) this.#say("begin", stroke);
    this.finish(stroke);
  }

  /* What begins at a place of the stage: a line, or a click that means all that is around it. */
  #start(point) {
    const at = this.#at(point);
    if (this.mode === "region") return { keep: this.fills(at), radius: 1, points: [at], region: true };
    const stroke = { keep: this.mode !== "remove", radius: this.brush / 2, points: [at] };
    return this.mode === "through" ? { ...stroke, opacity: this.opacity } : stroke;
  }

  finish(stroke) {
    this.shown = [...this.shown, stroke];
    this.#say("stroke", stroke);
  }

  #say(name, stroke) {
    this.dispatchEvent(new CustomEvent(name, { detail: stroke }));
  }

  /* A place of the stage as one of the photo. */
  #at(point) {
    const { x, y } = this.lie().toPhoto(point);
    return [round(x), round(y)];
  }
}

const round = (value) => Math.round(value * 4) / 4;
