/* The fields of a finish beside the stage: what they say in words, and the ones that make others easier.
 *
 * new Panel(form, {sent}): "change" (detail: {rough: whether more of it comes, as while a slider is dragged}) is
 * dispatched on it whenever somebody changed a field. show(finish, backdrop) puts a finish into the fields.
 * read(before) returns theirs. sent: whether the form is sent by its own button, as a recipe's is. */
import { DEFAULTS, describeRatio, MOST_MARGIN, readForm, writeForm } from "./finish.js";

const OPEN_GROUPS = "finish-groups";
const percent = (value) => `${Math.round(value * 100)} %`;
const signed = (value, digits = 0) =>
  `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;
const degrees = (value) => `${Number(value.toFixed(1))}°`;

/** What stands beside a slider, by its field. */
const OUTPUTS = {
  backdrop_zoom: (value) => percent(value),
  backdrop_blur: percent,
  backdrop_x: percent,
  backdrop_y: percent,
  shadow_strength: percent,
  shadow_softness: percent,
  shadow_direction: degrees,
  exposure: (value) => signed(value, 2),
  warmth: (value) => signed(value * 100),
  tint: (value) => signed(value * 100),
  // A recipe's own.
  even_exposure: percent,
  even_white: percent,
  most_angle: degrees,
};
/** How far a margin's slider goes, by the margin's unit: what is beyond can be typed. */
const SLIDES_TO = { canvas: 40, subject: 50, px: 400 };

export class Panel extends EventTarget {
  /**
   * @param {HTMLFormElement} form
   * @param {{ sent?: boolean }} [how]
   */
  constructor(form, { sent = false } = {}) {
    super();
    this.form = form;
    form.addEventListener("input", (event) =>
      this.#follow(/** @type {HTMLInputElement} */ (event.target), true),
    );
    form.addEventListener("change", (event) =>
      this.#follow(/** @type {HTMLInputElement} */ (event.target), false),
    );
    form.addEventListener("click", (event) => this.#press(event.target.closest("button")));
    if (!sent) form.addEventListener("submit", (event) => event.preventDefault());
    // Enter in a field means that it is as it should be.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input:not([type=file])")) event.preventDefault();
    });
    this.#keepGroups();
    this.#startColour();
    this.dress();
  }

  /** @returns {HTMLInputElement} the colour that none of the swatches is */
  get #free() {
    return this.form.querySelector("[data-free]");
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  #find(selector) {
    return this.form.querySelectorAll(selector);
  }

  get backdropFile() {
    return this.form.elements.backdrop.files[0] || null;
  }

  /** @param {Finish} before */
  read(before) {
    return readForm(this.form, before);
  }

  /**
   * @param {Finish} finish
   * @param {Backdrop | null} backdrop
   */
  show(finish, backdrop) {
    writeForm(this.form, finish, backdrop);
    this.form.elements.backdrop.value = "";
    this.showBackdrop(backdrop);
    this.dress();
  }

  /** @param {Backdrop | null} backdrop the picture behind, as it is kept by now */
  showBackdrop(backdrop) {
    const kept = this.form.querySelector("[data-kept]");
    kept.hidden = !backdrop;
    if (!backdrop) return;
    kept.querySelector("img").src = backdrop.address;
    kept.querySelector("b").textContent = backdrop.name;
  }

  /** Say what is not as it was asked for. */
  warn({ smaller, cramped }) {
    this.form.querySelector("[data-smaller]").hidden = !smaller || cramped;
    this.form.querySelector("[data-cramped]").hidden = !cramped;
  }

  /** Put values into fields as somebody would: of a press on the stage, say. */
  put(values, rough = false) {
    for (const [name, value] of Object.entries(values)) this.form.elements[name].value = String(value);
    this.#say(rough);
  }

  // -- What somebody does ------------------------------------------------------------------------------

  #follow(field, rough) {
    if (field.type === "color") return; // it has listeners of its own
    const { follows } = field.dataset;
    if (follows) /** @type {HTMLInputElement} */ (this.form.elements[follows]).value = field.value;
    if (field.name === "align") this.#align(field.value);
    if (field.name === "canvas" && field.value === "exact") this.#fillSides();
    if (field.name === "margin_of" && !rough) this.#limitMargins();
    if (field.name === "sides" && field.checked) this.#spreadMargin();
    if (field.name === "backdrop") this.form.elements.background.value = "picture";
    this.#say(rough);
  }

  #say(rough) {
    this.dress();
    this.dispatchEvent(new CustomEvent("change", { detail: { rough } }));
  }

  /** @param {HTMLButtonElement | null} button */
  #press(button) {
    if (!button) return;
    const { size, turn } = button.dataset;
    const { elements } = this.form;
    if (size) [elements.width.value, elements.height.value] = size.split(" ");
    if (turn !== undefined) {
      const angle = turn === "0" ? 0 : Number(elements.rotation.value) + Number(turn);
      elements.rotation.value = String(Number(toHalfTurn(angle).toFixed(2)));
    }
    if (size || turn !== undefined) this.#say(false);
  }

  #align(text) {
    const [across, down] = text.split(" ");
    this.form.elements.align_x.value = across;
    this.form.elements.align_y.value = down;
  }

  /* An exact canvas is fitted, unless something else is said. */
  #fillSides() {
    const { scaling } = this.form.elements;
    if (!scaling.value) scaling.value = "fit";
  }

  #limitMargins() {
    const most = MOST_MARGIN[this.form.elements.margin_of.value];
    for (const field of this.#find('[name^="margin"][type="number"]'))
      if (Number(field.value) > most) field.value = String(most);
  }

  /* Each side begins with what all of them had. */
  #spreadMargin() {
    const { margin } = this.form.elements;
    for (const field of this.#find('[name^="margin_"][type="number"]')) field.value = margin.value;
  }

  #startColour() {
    const free = this.#free;
    const colour = /** @type {HTMLInputElement} */ (free.parentElement.querySelector('[type="color"]'));
    const take = (rough) => {
      free.value = colour.value;
      free.checked = true;
      this.#say(rough);
    };
    colour.addEventListener("click", () => take(false));
    colour.addEventListener("input", () => take(true));
    colour.addEventListener("change", () => take(false));
    this.form.querySelector('[name="background"][value="picture"]').addEventListener("click", () => {
      const { backdrop, kept_backdrop } = this.form.elements;
      if (!backdrop.files.length && !kept_backdrop.value) backdrop.click();
    });
  }

  // -- What the fields say ---------------------------------------------------------------------------

  dress() {
    const finish = this.read(DEFAULTS);
    const { form } = this;
    const [margin] = this.#find('[data-follows="margin"]');
    margin.max = String(SLIDES_TO[finish.margin_of]);
    margin.step = finish.margin_of === "px" ? "1" : "0.5";
    for (const slider of this.#find("[data-follows]"))
      slider.value = form.elements[slider.dataset.follows].value;
    for (const [name, describe] of Object.entries(OUTPUTS)) {
      const field = form.elements[name];
      if (!field) continue;
      const text = describe(Number(field.value));
      field.parentElement.querySelector("output").textContent = text;
      field.setAttribute("aria-valuetext", text);
    }
    const [across, down] = finish.align;
    for (const radio of this.#find('[name="align"]')) radio.checked = radio.value === `${across} ${down}`;
    for (const radio of this.#find('[name="scaling"]')) radio.disabled = finish.canvas !== "exact";
    this.#dressColour();
    const sums = this.#sum(finish);
    for (const sum of form.querySelectorAll("[data-sum]")) sum.textContent = sums[sum.dataset.sum];
  }

  #dressColour() {
    const free = this.#free;
    free.parentElement.classList.toggle("chosen", free.checked);
    free.parentElement.style.backgroundColor = free.checked ? free.value : "";
  }

  #word(name) {
    const radio = this.form.querySelector(`[name="${name}"]:checked`);
    return radio?.closest("label").textContent.trim() || "";
  }

  /** @param {Finish} finish */
  #sum(finish) {
    const margins = finish.margins.map((one) =>
      Number((finish.margin_of === "px" ? one : one * 100).toFixed(2)),
    );
    const told = new Set(margins).size > 1 ? margins.join(" ") : margins[0];
    const unit = `${told} ${finish.margin_of === "px" ? "px" : "%"}`;
    const frame = {
      photo: this.#word("canvas"),
      content: this.#word("canvas"),
      ratio: describeRatio(finish.ratio),
      exact: `${finish.width} × ${finish.height}`,
    }[finish.canvas];
    const free = this.#free;
    const lit = ["exposure", "warmth", "tint"].filter((name) => finish[name]);
    return {
      ground: free.checked ? free.value : this.#word("background"),
      frame: finish.canvas !== "photo" && margins.some(Boolean) ? `${frame} · ${unit}` : frame,
      place: [this.#word("align"), finish.rotation ? degrees(finish.rotation) : ""]
        .filter(Boolean)
        .join(" · "),
      shadow: this.#word("shadow"),
      light: lit.length ? lit.map((name) => OUTPUTS[name](finish[name])).join(" · ") : gettext("As it is"),
      file: `${this.#word("format")} · ${this.#word("size")}`,
    };
  }

  /* Which groups are unfolded stays as somebody left it. */
  #keepGroups() {
    const groups = /** @type {NodeListOf<HTMLDetailsElement>} */ (this.form.querySelectorAll("[data-group]"));
    try {
      const kept = JSON.parse(localStorage.getItem(OPEN_GROUPS) || "null");
      if (kept) for (const group of groups) group.open = kept.includes(group.dataset.group);
    } catch {
      /* storage is off: as the page came */
    }
    for (const group of groups) {
      group.addEventListener("toggle", () => {
        const open = [...groups].filter((one) => one.open).map((one) => one.dataset.group);
        try {
          localStorage.setItem(OPEN_GROUPS, JSON.stringify(open));
        } catch {
          /* shown, not kept */
        }
        this.dispatchEvent(new Event("unfold"));
      });
    }
  }

  /** @param {string} name of a group */
  isOpen(name) {
    return /** @type {HTMLDetailsElement} */ (this.form.querySelector(`[data-group="${name}"]`)).open;
  }
}

/** The same angle from −180 to 180. */
export const toHalfTurn = (angle) => angle - 360 * Math.round(angle / 360);
