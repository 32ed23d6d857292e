/* The seam between before and after: a slider over the stage.
 *
 * new Compare(stage, photo): moves photo.share (see PhotoLayer). Drag the seam, or with the focus on
 * it ← → (Shift: larger steps), Home, End. toggle() shows and hides it, hold(true | false) shows the
 * photo before meanwhile, refresh() after the photo changed. Its elements come with the page. */
import { phrase } from "../core/words.js";

const NARROW = 160; // CSS pixels

export class Compare {
  on = true;
  #share = 0.5;

  /**
   * @param {Stage} stage
   * @param {PhotoLayer} photo
   */
  constructor(stage, photo) {
    this.stage = stage;
    this.photo = photo;
    this.seam = document.getElementById("seam");
    this.tags = {
      before: document.getElementById("tag-before"),
      after: document.getElementById("tag-after"),
    };
    this.seam.addEventListener("pointerdown", (event) => this.#drag(event));
    this.seam.addEventListener("keydown", (event) => this.#key(event));
    stage.addEventListener("draw", () => this.#place());
    this.refresh();
  }

  get possible() {
    return Boolean(this.photo.before && this.photo.after && this.photo.aligned);
  }

  refresh() {
    this.photo.share = this.on && this.possible ? this.#share : null;
    this.stage.invalidate();
  }

  toggle() {
    this.on = !this.on;
    this.refresh();
  }

  /** @param {boolean} held */
  hold(held) {
    if (this.photo.held === held) return;
    this.photo.held = held;
    this.stage.invalidate();
  }

  /** @param {number} share */
  move(share) {
    this.#share = Math.min(1, Math.max(0, share));
    this.refresh();
  }

  #drag(event) {
    event.preventDefault();
    this.seam.focus();
    this.seam.setPointerCapture(event.pointerId);
    const follow = (moved) => {
      const { view, canvas } = this.stage;
      const box = view.box();
      const x = (moved.clientX - canvas.getBoundingClientRect().left) * view.ratio;
      this.move((x - box.x) / box.width);
    };
    const end = () => {
      this.seam.removeEventListener("pointermove", follow);
      this.seam.removeEventListener("pointerup", end);
      this.seam.removeEventListener("pointercancel", end);
    };
    this.seam.addEventListener("pointermove", follow);
    this.seam.addEventListener("pointerup", end);
    this.seam.addEventListener("pointercancel", end);
  }

  #key(event) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const to = {
      ArrowLeft: this.#share - step,
      ArrowDown: this.#share - step,
      ArrowRight: this.#share + step,
      ArrowUp: this.#share + step,
      PageDown: this.#share - 0.1,
      PageUp: this.#share + 0.1,
      Home: 0,
      End: 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(to);
  }

  #place() {
    const { view, section, empty } = this.stage;
    const split = !empty && this.photo.split;
    const box = view.box();
    const left = box.x / view.ratio;
    const right = (box.x + box.width) / view.ratio;
    const top = Math.max(0, box.y / view.ratio);
    const bottom = Math.min(section.clientHeight, (box.y + box.height) / view.ratio);
    const x = left + (right - left) * this.#share;
    this.seam.hidden = !split || x < -22 || x > section.clientWidth + 22;
    const heldOnly = !empty && this.photo.held && this.photo.after;
    this.tags.before.hidden = !(split && x - left > 76) && !heldOnly;
    this.tags.after.hidden = !(split && right - x > 70);
    if (!split && !heldOnly) return;
    const percent = Math.round(this.#share * 100);
    this.seam.style.transform = `translate(${x}px, ${top}px)`;
    this.seam.toggleAttribute("data-narrow", right - left < NARROW);
    this.seam.style.height = `${Math.max(0, bottom - top)}px`;
    this.seam.setAttribute("aria-valuenow", String(percent));
    this.seam.setAttribute("aria-valuetext", phrase(gettext("%(percent)s percent before"), { percent }));
    const tagTop = Math.min(top + 12, section.clientHeight - 40);
    this.tags.before.style.transform = `translate(${Math.max(12, left + 12)}px, ${tagTop}px)`;
    this.tags.after.style.transform = `translate(${Math.min(section.clientWidth - 12, right - 12)}px, ${tagTop}px) translateX(-100%)`;
  }
}
