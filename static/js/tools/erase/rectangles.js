/* Boxes on the stage: drawn, moved, and resized by their handles, each with its number.
 *
 * new RectanglesLayer(sheet, refuse): a layer (stage/layers.js). refuse() is called where one more box is
 * one too many. cursorAt(point, stage) says what a press there would do, as a CSS cursor. */
import { MOST_BOXES, newId } from "./marks.js";

const HANDLES = [
  [0, 0],
  [1, 0],
  [2, 0],
  [2, 1],
  [2, 2],
  [1, 2],
  [0, 2],
  [0, 1],
];
const CORNERS = HANDLES.filter(([across, down]) => across !== 1 && down !== 1);
const CURSORS = {
  "0 0": "nwse",
  "2 2": "nwse",
  "2 0": "nesw",
  "0 2": "nesw",
  "1 0": "ns",
  "1 2": "ns",
  "0 1": "ew",
  "2 1": "ew",
};
// CSS pixels around a handle that are its own, and how far a press must move to be meant.
const REACH = { mouse: 9, pen: 14, touch: 24 };
const MEANT = 4;

export class RectanglesLayer {
  #drag = null;

  /** @param {Sheet} sheet */
  constructor(sheet, refuse) {
    this.sheet = sheet;
    this.refuse = refuse;
  }

  // -- Drawing -------------------------------------------------------------------------------------

  /**
   * @param {Context} context
   * @param {Stage} stage
   */
  draw(context, stage) {
    const { sheet } = this;
    if (!sheet.shown) return;
    const { view } = stage;
    const style = getComputedStyle(stage.canvas);
    const colours = {
      mark: style.getPropertyValue("--mark"),
      on: style.getPropertyValue("--on-mark"),
      font: style.fontFamily,
    };
    context.save();
    for (const [index, box] of sheet.marks.boxes.entries()) {
      this.#paint(context, view, box, index + 1, box.id === sheet.selected, colours);
    }
    context.restore();
  }

  /**
   * @param {Context} context
   * @param {View} view
   * @param {Box} box
   */
  #paint(context, view, box, number, chosen, colours) {
    const { ratio } = view;
    const from = view.toScreen(box);
    const to = view.toScreen({ x: box.x + box.width, y: box.y + box.height });
    const [left, top] = [Math.round(from.x), Math.round(from.y)];
    const [width, height] = [Math.round(to.x) - left, Math.round(to.y) - top];
    context.globalAlpha = chosen ? 0.34 : 0.28;
    context.fillStyle = colours.mark;
    context.fillRect(left, top, width, height);
    context.globalAlpha = 1;
    // A light line under the coloured one: seen on any photo.
    for (const [colour, line] of [
      ["rgb(255 255 255 / .75)", 4],
      [colours.mark, 2],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = line * ratio;
      context.strokeRect(left, top, width, height);
    }
    this.#number(context, ratio, left, top, String(number), colours);
    if (!chosen || this.sheet.locked) return;
    const crowded = Math.min(width, height) < 44 * ratio;
    for (const [across, down] of crowded ? CORNERS : HANDLES) {
      context.beginPath();
      context.arc(left + (width * across) / 2, top + (height * down) / 2, 6 * ratio, 0, 2 * Math.PI);
      context.fillStyle = "#fff";
      context.strokeStyle = colours.mark;
      context.lineWidth = 2 * ratio;
      context.fill();
      context.stroke();
    }
  }

  #number(context, ratio, left, top, text, { mark, on, font }) {
    context.font = `600 ${12 * ratio}px ${font}`;
    const width = Math.max(20 * ratio, context.measureText(text).width + 12 * ratio);
    const height = 20 * ratio;
    const y = top - height - 5 * ratio > 0 ? top - height - 5 * ratio : top + 5 * ratio;
    const x = Math.max(2 * ratio, y < top ? left - ratio : left + 5 * ratio);
    context.fillStyle = mark;
    context.beginPath();
    context.roundRect(x, y, width, height, 5 * ratio);
    context.fill();
    context.fillStyle = on;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x + width / 2, y + height / 2 + ratio / 2);
  }

  // -- The pointer ---------------------------------------------------------------------------------

  pointer({ type, point, event }, stage) {
    if (type === "down") return this.#down(point, event, stage);
    if (!this.#drag) return false;
    if (type === "move") this.#move(point, event);
    else if (type === "up" && this.#drag.meant) this.sheet.settle();
    else if (type === "cancel") this.sheet.revert();
    else if (this.#drag.draws) this.sheet.select(null);
    if (type !== "move") this.#drag = null;
    return true;
  }

  /**
   * @param {Point} point
   * @param {Stage} stage
   */
  #down(point, event, stage) {
    const { sheet } = this;
    if (!sheet.editable || sheet.mode !== "box") return false;
    const start = { x: event.clientX, y: event.clientY };
    const hit = this.#hit(point, reach(event.pointerType, stage));
    if (hit) {
      sheet.select(hit.box.id);
      this.#drag = { ...hit, point, start, meant: false };
      return true;
    }
    if (sheet.marks.boxes.length >= MOST_BOXES) {
      this.refuse();
      return true;
    }
    const box = { id: newId(), x: point.x, y: point.y, width: 0, height: 0 };
    this.#drag = { box, handle: [2, 2], draws: true, point, start, meant: false };
    return true;
  }

  /** @param {Point} point */
  #move(point, event) {
    const { sheet } = this;
    const drag = this.#drag;
    drag.meant ||= Math.hypot(event.clientX - drag.start.x, event.clientY - drag.start.y) >= MEANT;
    if (!drag.meant) return;
    const { box } = drag;
    const by = { x: point.x - drag.point.x, y: point.y - drag.point.y };
    if (!drag.handle) {
      sheet.show(sheet.withBox(sheet.fitInside({ ...box, x: box.x + by.x, y: box.y + by.y })));
      return;
    }
    const [left, right] = moveEdge(box.x, box.x + box.width, drag.handle[0], by.x);
    const [top, bottom] = moveEdge(box.y, box.y + box.height, drag.handle[1], by.y);
    sheet.selected = box.id;
    sheet.show(
      sheet.withBox(
        sheet.clipInside({ id: box.id, x: left, y: top, width: right - left, height: bottom - top }),
      ),
    );
  }

  /**
   * @param {Point} point
   * @param {Stage} stage
   */
  cursorAt(point, stage) {
    const hit = this.#hit(point, reach("mouse", stage));
    if (!hit) return "crosshair";
    return hit.handle ? `${CURSORS[hit.handle.join(" ")]}-resize` : "move";
  }

  /* The box under a point, the chosen one first, then the smallest; with the handle, if it is one. */
  /** @param {Point} point */
  #hit(point, far) {
    const { boxes } = this.sheet.marks;
    const chosen = this.sheet.box;
    const others = boxes
      .filter((box) => box !== chosen)
      .sort((a, b) => a.width * a.height - b.width * b.height);
    const ordered = chosen ? [chosen, ...others] : others;
    for (const box of ordered) {
      const inside = holds(box, point);
      // Within a small box there must be room left to move it by.
      const near = inside ? Math.min(far, Math.min(box.width, box.height) / 4) : far;
      for (const handle of box === chosen ? HANDLES : CORNERS) {
        const x = box.x + (box.width * handle[0]) / 2;
        const y = box.y + (box.height * handle[1]) / 2;
        if (Math.hypot(point.x - x, point.y - y) <= near) return { box, handle };
      }
    }
    const box = ordered.find((one) => holds(one, point));
    return box ? { box, handle: null } : null;
  }
}

const reach = (type, { view }) => ((REACH[type] || REACH.mouse) * view.ratio) / view.scale;

const holds = (box, { x, y }) =>
  x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height;

/* Two opposite edges after one of them (0 the first, 2 the second, 1 neither) was moved. */
function moveEdge(first, second, which, by) {
  const edges = [which === 0 ? first + by : first, which === 2 ? second + by : second];
  return edges.sort((a, b) => a - b);
}
