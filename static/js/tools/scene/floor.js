/* The line on a photo of one's own where its floor is, and the product stands: a slider over the stage.
 *
 * new FloorLine(stage, placing, standIn): show(whether). Dragged, or by ↑ ↓ Home End with the focus on it. */
import { phrase } from "../../core/words.js";

export class FloorLine {
  #shown = false;

  /**
   * @param {Stage} stage
   * @param {Placing} placing
   */
  constructor(stage, placing, standIn) {
    this.stage = stage;
    this.placing = placing;
    this.standIn = standIn;
    this.line = document.createElement("div");
    this.line.className = "floor-line";
    this.line.tabIndex = 0;
    this.line.hidden = true;
    const facts = {
      role: "slider",
      "aria-label": gettext("Floor line"),
      "aria-orientation": "vertical",
      "aria-valuemin": 5,
      "aria-valuemax": 100,
    };
    for (const [name, value] of Object.entries(facts)) this.line.setAttribute(name, String(value));
    const grip = document.createElement("span");
    grip.textContent = gettext("Floor");
    this.line.append(grip);
    stage.section.append(this.line);
    this.line.addEventListener("pointerdown", (event) => this.#drag(event));
    this.line.addEventListener("keydown", (event) => this.#key(event));
    stage.addEventListener("draw", () => this.#place());
  }

  /** @param {boolean} whether */
  show(whether) {
    this.#shown = whether;
    this.#place();
  }

  #drag(event) {
    event.preventDefault();
    this.line.focus();
    this.line.setPointerCapture(event.pointerId);
    const follow = (moved) => {
      const { view, canvas } = this.stage;
      const box = view.box();
      const y = (moved.clientY - canvas.getBoundingClientRect().top) * view.ratio;
      this.placing.setFloor((y - box.y) / box.height);
    };
    const end = () => {
      this.line.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) this.line.removeEventListener(name, end);
    };
    this.line.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) this.line.addEventListener(name, end);
  }

  #key(event) {
    const step = event.shiftKey ? 0.05 : 0.01;
    const to = { ArrowUp: -step, ArrowDown: step, PageUp: -0.1, PageDown: 0.1, Home: -1, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.placing.setFloor(this.placing.floor + to);
  }

  #place() {
    const { view, empty } = this.stage;
    this.line.hidden = !this.#shown || empty;
    if (this.line.hidden) return;
    const box = view.box();
    const { floor } = this.placing;
    this.line.style.transform = `translate(${box.x / view.ratio}px, ${(box.y + box.height * floor) / view.ratio}px)`;
    this.line.style.width = `${box.width / view.ratio}px`;
    const percent = Math.round(100 * floor);
    this.line.setAttribute("aria-valuenow", String(percent));
    this.line.setAttribute("aria-valuetext", phrase(gettext("%(percent)s percent down"), { percent }));
  }
}
