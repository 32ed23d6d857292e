/* The product and what is behind it, moved on the stage itself; a knob over the product turns it.
 *
 * new Handles(panel): a layer (stage/layers.js). picture: the FinishedPicture in view, null where nothing may be
 * moved; unfolded: whether the knob is drawn. What a hand does goes into the panel's fields, as if it was
 * typed there: everything else follows from these. */
import { boxOf } from "./frame.js";
import { toHalfTurn } from "./panel.js";

const STEM = 34; // CSS pixels from the product's box to the knob
const KNOB = 9;
const REACH = 22; // a thumb's
const SNAP = 7; // CSS pixels to the middle or an edge
const SNAP_ANGLE = 1.5; // degrees to a right angle
const STEP_ANGLE = 15; // degrees, with Shift

const limit = (value) => Math.min(1, Math.max(0, value));

export class Handles {
  /** @type {import("./finished-picture.js").FinishedPicture | null} */
  picture = null;
  unfolded = false;
  #drag = null;

  /** @param {import("./panel.js").Panel} panel */
  constructor(panel) {
    this.panel = panel;
  }

  /* The product's outline where it lies on the canvas. */
  #outline() {
    const { picture } = this;
    const { width, height } = picture.size;
    return picture.copy.outline(width, height).map((point) => picture.toCanvas(point));
  }

  get #movable() {
    const { spare } = this.picture.placement;
    return Math.abs(spare.x) > 0.5 || Math.abs(spare.y) > 0.5;
  }

  /* Where the knob is, and the middle that it turns around, on the screen. */
  #knob(view) {
    const box = boxOf(this.#outline());
    const middle = view.toScreen({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const top = view.toScreen({ x: box.x + box.width / 2, y: box.y }).y;
    const far = STEM * view.ratio;
    // Where it would be out of sight it is in the product.
    const y = top - far > KNOB * view.ratio ? top - far : Math.max(top, 0) + far;
    return { x: middle.x, y, top, middle };
  }

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, { view }) {
    if (!this.picture || !this.unfolded) return;
    const { x, y, top } = this.#knob(view);
    const { ratio } = view;
    context.save();
    const lines = { "rgb(0 0 0 / 0.45)": 3.5, "#fff": 1.5 };
    for (const [colour, width] of Object.entries(lines)) {
      context.strokeStyle = colour;
      context.lineWidth = width * ratio;
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, y);
      context.stroke();
    }
    context.beginPath();
    context.arc(x, y, KNOB * ratio, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    context.shadowColor = "rgb(0 0 0 / 0.5)";
    context.shadowBlur = 6 * ratio;
    context.fill();
    context.restore();
  }

  /* What a press at this place of the world would move. */
  find(point, view) {
    if (!this.picture) return "";
    if (this.unfolded) {
      const at = view.toScreen(point);
      const knob = this.#knob(view);
      if (Math.hypot(at.x - knob.x, at.y - knob.y) < REACH * view.ratio) return "knob";
    }
    if (this.#movable && isInside(point, this.#outline())) return "product";
    return this.picture.backdrop ? "backdrop" : "";
  }

  pointer({ type, point, event }, stage) {
    if (type === "down") {
      const part = this.find(point, stage.view);
      if (!part) return false;
      this.#drag = { part, from: point, view: stage.view, ...this.#begin(part, stage.view) };
      return true;
    }
    if (!this.#drag) return false;
    const { part } = this.#drag;
    if (type === "move") {
      if (part === "knob") this.#turn(point, event);
      else if (part === "product") this.#move(point);
      else this.#moveBackdrop(point);
    } else {
      this.#drag = null;
      this.panel.put({});
    }
    return true;
  }

  #begin(part, view) {
    const { finish, placement } = this.picture;
    if (part === "knob") return { middle: view.toWorld(this.#knob(view).middle), rotation: finish.rotation };
    if (part === "product") return { at: finish.align, spare: placement.spare };
    const all = { x: 0, y: 0, width: placement.width, height: placement.height };
    const behind = this.picture.backdropBox(all);
    const spare = { x: placement.width - behind.width, y: placement.height - behind.height };
    return { at: finish.backdrop_at, spare };
  }

  #turn(point, { shiftKey }) {
    const { from, middle, rotation } = this.#drag;
    const angle = ({ x, y }) => (Math.atan2(y - middle.y, x - middle.x) * 180) / Math.PI;
    let turned = toHalfTurn(rotation + angle(point) - angle(from));
    if (shiftKey) turned = STEP_ANGLE * Math.round(turned / STEP_ANGLE);
    const right = 90 * Math.round(turned / 90);
    if (Math.abs(turned - right) < SNAP_ANGLE) turned = right;
    this.panel.put({ rotation: Number(turned.toFixed(1)) }, true);
  }

  #move(point) {
    const { from, at, spare, view } = this.#drag;
    const near = (SNAP * view.ratio) / view.scale;
    const to = (axis, index) => {
      if (Math.abs(spare[axis]) <= 0.5) return at[index];
      const share = limit(at[index] + (point[axis] - from[axis]) / spare[axis]);
      const stop = Math.round(2 * share) / 2;
      return Math.abs(share - stop) * Math.abs(spare[axis]) < near ? stop : Number(share.toFixed(4));
    };
    this.panel.put({ align_x: to("x", 0), align_y: to("y", 1) }, true);
  }

  #moveBackdrop(point) {
    const { from, at, spare } = this.#drag;
    const to = (axis, index) => {
      if (Math.abs(spare[axis]) <= 0.5) return at[index];
      return Number(limit(at[index] + (point[axis] - from[axis]) / spare[axis]).toFixed(4));
    };
    this.panel.put({ backdrop_x: to("x", 0), backdrop_y: to("y", 1) }, true);
  }
}

/**
 * @param {Point} point
 * @param {Point[]} corners of a convex shape, in order
 */
function isInside({ x, y }, corners) {
  let side = 0;
  return corners.every((one, index) => {
    const other = corners[(index + 1) % corners.length];
    const turn = Math.sign((other.x - one.x) * (y - one.y) - (other.y - one.y) * (x - one.x));
    if (turn && side && turn !== side) return false;
    side ||= turn;
    return true;
  });
}
