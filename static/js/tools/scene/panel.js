/* The panel of scenes: finding one among them, words and what they were taken for, colours, the place in
 * numbers. The form works without it.
 *
 * new ScenePanel(form, placing): scene says of what the stand-in is to be (see layers.js);
 * start() shows what the form has at the beginning; focusSearch(). */
import { phrase } from "../../core/words.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class ScenePanel {
  #category = "";
  #file = null;

  /**
   * @param {HTMLFormElement} form
   * @param {Placing} placing
   */
  constructor(form, placing) {
    this.form = form;
    this.placing = placing;
    this.search = /** @type {HTMLInputElement} */ (document.getElementById("scene-search"));
    this.tiles = [...document.querySelectorAll("#scenes .scene-tile")].map((tile) => ({
      tile,
      words: plain(tile.dataset.words),
    }));
    this.categories = document.getElementById("scene-categories");
    this.sliders = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-place]"))];
    this.automatic = /** @type {HTMLButtonElement} */ (document.getElementById("place-automatic"));

    this.search.addEventListener("input", () => this.#filter());
    // Enter in the search would send the form.
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#toFirst(event);
    });
    this.categories.addEventListener("click", (event) =>
      this.#choose(event.target.closest("[data-category]")),
    );
    // They are one row that goes on to the right: a wheel turned over it goes along it.
    this.categories.addEventListener(
      "wheel",
      (event) => {
        if (event.deltaX || event.ctrlKey) return;
        event.preventDefault();
        this.categories.scrollLeft += event.deltaY;
      },
      { passive: false },
    );
    form.addEventListener("input", (event) => this.#input(event.target));
    form.elements.backdrop.addEventListener("change", () => this.#ownPhoto());
    form.addEventListener("change", ({ target }) => {
      if (target.name !== "kept_backdrop") return;
      form.elements.backdrop.value = "";
      this.#file = null;
    });
    for (const picker of form.querySelectorAll('.swatch [type="color"]')) this.#swatch(picker);
    for (const slider of this.sliders) slider.addEventListener("input", () => this.#slide(slider));
    this.automatic.addEventListener("click", () => placing.automatic());
    placing.addEventListener("change", () => this.#showPlace());
    form.addEventListener("showing", ({ detail }) => this.#keep(detail));
    form.addEventListener("shown", () => this.#showAnew());
  }

  start() {
    this.#sumUp();
    this.#showPlace();
    const { prompt, negative_prompt: without } = this.form.elements;
    if (prompt.value.trim() || without.value.trim()) htmx.trigger("#prompt", "understand");
    this.#showChosen();
    this.placing.dispatchEvent(new Event("shown"));
  }

  /* The chosen scene is in sight where it is chosen from, without moving the page. */
  #showChosen() {
    const chosen = this.form.querySelector('[name="scene_type"]:checked')?.closest(".scene-tile");
    if (chosen) chosen.parentElement.scrollTop = chosen.offsetTop - 4;
  }

  /* The photo that another picture's scene was is one to choose, also where it was long ago. */
  #keep({ values, shows }) {
    const { kept_backdrop: key } = values;
    if (!key || !shows.address || this.form.querySelector(`[name="kept_backdrop"][value="${key}"]`)) return;
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("kept-tile"));
    const tile = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    tile.title = tile.querySelector("span").textContent = shows.name;
    tile.querySelector("input").value = key;
    tile.querySelector("img").src = shows.address;
    const kept = document.getElementById("kept-backdrops");
    kept.prepend(tile);
    kept.hidden = false;
  }

  /* The options are another picture's now: the panel and the stand-in show them; nobody chose anything. */
  #showAnew() {
    [this.#file = null] = this.form.elements.backdrop.files;
    this.#sumUp();
    this.#showChosen();
    const { negative_prompt: without } = this.form.elements;
    if (without.value) without.closest("details").open = true;
    htmx.trigger("#prompt", "understand");
    this.placing.dispatchEvent(new Event("shown"));
  }

  get scene() {
    const { elements } = this.form;
    const value = (name) => this.#tickedField(name)?.value || "";
    if (this.placing.way === "photo") {
      const kept = this.form.querySelector('[name="kept_backdrop"]:checked')?.closest(".scene-tile");
      return {
        file: this.#file || elements.backdrop.files[0] || null,
        address: kept?.querySelector("img").src,
      };
    }
    const chosen = this.placing.way === "scene" && this.form.querySelector('[name="scene_type"]:checked');
    return {
      thumbnail: chosen ? chosen.closest(".scene-tile").querySelector("img").src : "",
      colours: { surface: value("surface"), backdrop: value("backdrop_colour") },
    };
  }

  focusSearch() {
    this.form.elements.by.value = "scene";
    this.#input(this.form.elements.by[0]);
    this.search.focus();
    this.search.select();
  }

  // -- Finding a scene -----------------------------------------------------------------------------

  #choose(chip) {
    if (!chip) return;
    this.#category = chip.dataset.category;
    for (const one of this.categories.children) one.setAttribute("aria-pressed", String(one === chip));
    // The next ones come into sight with it.
    this.categories.scrollTo({ left: chip.offsetLeft - this.categories.clientWidth / 3, behavior: "smooth" });
    this.#filter();
  }

  #filter() {
    const words = plain(this.search.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { tile, words: has } of this.tiles) {
      const fits =
        (!this.#category || tile.dataset.category === this.#category) &&
        words.every((word) => has.includes(word));
      tile.hidden = !fits;
      found += fits;
    }
    document.getElementById("no-scenes").hidden = found > 0 || !this.tiles.length;
    document.getElementById("scenes").scrollTop = 0;
  }

  #toFirst(event) {
    event.preventDefault();
    const first = this.tiles.find(({ tile }) => !tile.hidden)?.tile.querySelector("input");
    first?.focus();
    first?.click();
  }

  // -- A photo of one's own ------------------------------------------------------------------------

  /* The browser may empty the field when a file was chosen before and the dialog is cancelled. */
  #ownPhoto() {
    [this.#file = null] = this.form.elements.backdrop.files;
    const kept = this.#tickedField("kept_backdrop");
    if (this.#file && kept) kept.checked = false;
  }

  // -- Colours -------------------------------------------------------------------------------------

  #swatch(picker) {
    const swatch = picker.closest(".swatch");
    const radio = swatch.querySelector("[data-free]");
    const take = () => {
      radio.value = picker.value;
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
    };
    picker.addEventListener("click", take);
    picker.addEventListener("input", take);
  }

  #input(field) {
    if (["surface", "backdrop_colour"].includes(field.name)) this.placing.dispatchEvent(new Event("scene"));
    if (field.name === "by") this.placing.dispatchEvent(new Event("scene"));
    this.#sumUp();
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | null} the field of that name that is ticked
   */
  #tickedField(name) {
    return this.form.querySelector(`[name="${name}"]:checked`);
  }

  #sumUp() {
    const word = (name) => this.#tickedField(name)?.closest("label").textContent.trim() || "";
    this.form.querySelector("[data-file-summary]").textContent = [word("format"), word("size")]
      .filter(Boolean)
      .join(" · ");
    const names = ["surface", "backdrop_colour", "accent"].filter((name) => this.#tickedField(name)?.value);
    this.form.querySelector("[data-colour-summary]").textContent = names.length
      ? phrase(gettext("%(count)s chosen"), { count: names.length })
      : gettext("As the scene has them");
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
      this.form.querySelectorAll("[data-free]")
    )) {
      const swatch = radio.closest(".swatch");
      swatch.classList.toggle("chosen", radio.checked);
      swatch.style.backgroundColor = radio.checked ? radio.value : "";
    }
    /** @type {HTMLInputElement} */
    const light = this.form.elements.relight;
    light.parentElement.querySelector("output").textContent = `${light.value} %`;
    light.disabled = this.form.elements.exact.checked;
    this.#showPlace();
  }

  // -- The place in numbers --------------------------------------------------------------------------

  #slide(slider) {
    const at = ["x", "y", "scale"].indexOf(slider.dataset.place);
    const place = [...this.placing.place];
    place[at] = Number(slider.value) / 100;
    this.placing.set(place, `slide ${at}`);
  }

  #showPlace() {
    const { arranging, place, put, editable, product } = this.placing;
    for (const [at, slider] of this.sliders.entries()) {
      slider.value = String(100 * place[at]);
      slider.disabled = !editable;
      slider.parentElement.querySelector("output").textContent = `${Math.round(100 * place[at])} %`;
    }
    this.automatic.hidden = !put;
    this.automatic.disabled = !editable;
    const room = this.#tickedField("copy_space");
    const words = [
      put ? gettext("As put") : gettext("Automatic"),
      room?.value
        ? phrase(gettext("room: %(side)s"), { side: room.closest("label").textContent.trim() })
        : "",
    ];
    this.form.querySelector("[data-place-summary]").textContent = words.filter(Boolean).join(" · ");
    // Of takes that are there nothing is left to do first.
    document.getElementById("uncut").hidden = !arranging || !product || product.seeThrough;
  }
}
