/* What the studio measures on the cutout in view: pressed, a proposal goes into the finish's fields, and pressed
 * again it is taken out.
 *
 * new Measured(form, panel, { post, onLost }): buttons of the form with data-measured ("exposure",
 * "white_balance" or "straighten") do that. Where nothing can be proposed, or nothing is to be done, the line
 * beneath says why. dress() has the buttons say which proposals the finish follows. */
import { toHalfTurn } from "./panel.js";

/** @typedef {{ exposure: number | null, warmth: number | null, tint: number | null, angle: number | null,
 *   reasons: Record<string, string> }} Measures */

/** Two numbers of the form are the same though one was typed. */
const NEAR = 0.006;

export class Measured {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./panel.js").Panel} panel
   * @param {{ post: (address: string) => Promise<Measures | null>, onLost: (error: Error) => void }} ways
   */
  constructor(form, panel, { post, onLost }) {
    this.form = form;
    this.panel = panel;
    this.post = post;
    this.onLost = onLost;
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.buttons = form.querySelectorAll("[data-measured]");
    /** @type {Map<string, Measures>} by the address of a cutout's measures */
    this.known = new Map();
    /** @type {Map<string, Promise<Measures | null>>} the same, on their way */
    this.asked = new Map();
    this.address = "";
    for (const button of this.buttons) button.addEventListener("click", () => this.#press(button));
    panel.addEventListener("change", () => this.dress());
    this.dress();
  }

  dress() {
    const { measures: address = "", measured } = document.getElementById("picture").dataset;
    if (measured && !this.known.has(address)) this.known.set(address, JSON.parse(measured));
    if (address !== this.address) {
      this.address = address;
      for (const note of this.form.querySelectorAll("[data-measured-note]")) note.textContent = "";
    }
    const found = this.known.get(address);
    for (const button of this.buttons) {
      button.disabled = !address;
      const proposal = found && this.#propose(button.dataset.measured, found);
      const followed = Boolean(proposal && this.#follows(proposal) && !this.#isNothing(button, proposal));
      button.setAttribute("aria-pressed", String(followed));
    }
  }

  /** @param {HTMLButtonElement} button */
  async #press(button) {
    const { address } = this;
    const name = button.dataset.measured;
    const note = this.form.querySelector(`[data-measured-note~="${name}"]`);
    if (button.getAttribute("aria-pressed") === "true") {
      note.textContent = "";
      this.panel.put(this.#nothing(name));
      return;
    }
    button.setAttribute("aria-busy", "true");
    note.textContent = this.known.has(address) ? "" : gettext("Measuring …");
    try {
      const found = this.known.get(address) || (await this.#ask(address));
      if (address !== this.address) return;
      note.textContent = "";
      if (!found) return; // the reason was said
      this.known.set(address, found);
      note.textContent = found.reasons[name] || "";
      const proposal = this.#propose(name, found);
      if (proposal) this.panel.put(proposal);
    } catch (error) {
      if (address === this.address) note.textContent = "";
      this.onLost(error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /* Whoever presses another button meanwhile waits for the same answer. */
  #ask(address) {
    if (!this.asked.has(address))
      this.asked.set(
        address,
        this.post(address).finally(() => this.asked.delete(address)),
      );
    return this.asked.get(address);
  }

  /* The fields' values that are proposed, null for none. */
  #propose(name, { exposure, warmth, tint, angle }) {
    if (name === "exposure") return exposure === null ? null : { exposure };
    if (name === "white_balance") return warmth === null ? null : { warmth, tint };
    return angle === null
      ? null
      : { rotation: Number(toHalfTurn(this.#nothing(name).rotation + angle).toFixed(2)) };
  }

  /* The same fields without any proposal: a quarter turn stays one. */
  #nothing(name) {
    if (name === "exposure") return { exposure: 0 };
    if (name === "white_balance") return { warmth: 0, tint: 0 };
    return { rotation: 90 * Math.round(Number(this.form.elements.rotation.value) / 90) };
  }

  #follows(values) {
    return Object.entries(values).every(
      ([name, value]) => Math.abs(Number(this.form.elements[name].value) - value) < NEAR,
    );
  }

  #isNothing(button, values) {
    return Object.entries(this.#nothing(button.dataset.measured)).every(
      ([name, value]) => Math.abs(values[name] - value) < NEAR,
    );
  }
}
