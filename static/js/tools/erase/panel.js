/* The eraser's panel: how marks are made, what is marked in words and numbers, and how much of it.
 *
 * new Panel(sheet, {share, add}): share() → 0..1 of the picture; add() marks one box more. Choosing a
 * box here chooses it on the stage; its numbers can be typed, and the arrow keys move it. */

import { figure, phrase } from "../../core/words.js";
import { MOST_SHARE } from "./marks.js";

const EVERY = 120; // ms between two counts while a hand paints

export class Panel {
  #rows = new Map();
  #counting = 0;
  #said = null;

  constructor(sheet, { share, add }) {
    this.sheet = sheet;
    this.share = share;
    this.form = document.getElementById("options");
    this.list = document.getElementById("boxes");
    this.template = /** @type {HTMLTemplateElement} */ (document.getElementById("box-row"));
    /** @type {HTMLInputElement} */
    this.slider = document.querySelector("#brush-size input");
    this.slider.addEventListener("input", () => this.#resize());
    this.form.addEventListener("change", (event) => {
      if (event.target.name === "with") this.setMode(event.target.value);
    });
    for (const event of ["change", "shown"]) this.form.addEventListener(event, () => this.#sumUp());
    document.getElementById("add-box").addEventListener("click", () => {
      add();
      this.#rows.get(sheet.selected)?.name.focus();
    });
    sheet.addEventListener("change", () => this.#show());
    sheet.addEventListener("settle", () => this.#count());
    this.#sumUp();
    this.#show();
  }

  setMode(mode) {
    /** @type {HTMLInputElement} */
    const radio = this.form.querySelector(`[name="with"][value="${mode}"]`);
    radio.checked = true;
    this.sheet.mode = mode;
    if (mode !== "box") this.sheet.selected = null;
    this.sheet.noteChange();
  }

  /* From 2 pixels, or what is as small to a large photo, to a third of its longer side. */
  #resize() {
    const { sheet } = this;
    if (!sheet.shown) return;
    const longer = Math.max(sheet.size.width, sheet.size.height);
    const [least, most] = [Math.max(2, longer / 400), longer / 3];
    sheet.brush = Math.round(least * (most / least) ** (Number(this.slider.value) / 100));
    this.slider.parentElement.querySelector("output").textContent = `${sheet.brush} px`;
    this.slider.setAttribute("aria-valuetext", phrase(gettext("%(count)s pixels"), { count: sheet.brush }));
    sheet.noteChange();
  }

  grow(by) {
    this.slider.value = String(Number(this.slider.value) + by);
    this.#resize();
  }

  /* The brush keeps its share of a photo of another size. */
  refitBrush() {
    this.#said = null;
    this.#resize();
  }

  #sumUp() {
    const chosen = this.form.querySelector('[name="format"]:checked');
    this.form.querySelector("[data-file-summary]").textContent =
      chosen?.closest("label").textContent.trim() || "";
  }

  #show() {
    const { sheet } = this;
    this.form.inert = sheet.locked;
    const boxes = sheet.shown ? sheet.marks.boxes : [];
    const kept = new Set(boxes.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (kept.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    for (const [index, box] of boxes.entries()) {
      const row = this.#rows.get(box.id) || this.#row(box.id);
      if (this.list.children[index] !== row.element)
        this.list.insertBefore(row.element, this.list.children[index] || null);
      this.#fill(row, box, index + 1);
    }
    this.list.hidden = !boxes.length;
    if (!this.#counting)
      this.#counting = setTimeout(
        () => {
          this.#counting = 0;
          this.#count();
        },
        this.#said === null ? 0 : EVERY,
      );
  }

  /** @param {string} id */
  #row(id) {
    const element = /** @type {HTMLElement} */ (this.template.content.firstElementChild.cloneNode(true));
    const row = {
      element,
      name: element.querySelector("[data-select]"),
      remove: element.querySelector("[data-delete]"),
      numbers: element.querySelector(".box-numbers"),
      sides: [.../** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("[data-side]"))],
    };
    const { sheet } = this;
    row.name.addEventListener("click", () => {
      this.setMode("box");
      sheet.select(sheet.selected === id ? null : id);
    });
    row.name.addEventListener("focus", () => {
      if (row.name.matches(":focus-visible")) sheet.select(id);
    });
    row.remove.addEventListener("click", () => this.remove(id));
    for (const side of row.sides) {
      side.addEventListener("change", () => {
        const box = sheet.marks.boxes.find((one) => one.id === id);
        if (box)
          sheet.set(
            sheet.withBox(sheet.fitInside({ ...box, [side.dataset.side]: Number(side.value) })),
            `${id} ${side.dataset.side}`,
          );
      });
    }
    this.#rows.set(id, row);
    return row;
  }

  /* Delete a box; the focus, if it was in its row, goes to the next. */
  /** @param {string} id */
  remove(id) {
    const { sheet } = this;
    const row = this.#rows.get(id)?.element;
    const focused = row?.contains(document.activeElement);
    const beside = row?.nextElementSibling || row?.previousElementSibling;
    if (sheet.selected === id) sheet.selected = null;
    sheet.set(sheet.withoutBox(id));
    if (focused) (beside?.querySelector("[data-select]") || document.getElementById("add-box")).focus();
  }

  /** @param {MarkedBox} box */
  #fill(row, box, at) {
    const chosen = box.id === this.sheet.selected;
    const chosenNow = chosen && !row.element.hasAttribute("data-chosen");
    row.element.toggleAttribute("data-chosen", chosen);
    row.name.setAttribute("aria-expanded", String(chosen));
    row.name.textContent = phrase(gettext("Box %(number)s · %(width)s × %(height)s px"), {
      ...box,
      number: at,
    });
    row.name.setAttribute(
      "aria-label",
      phrase(
        gettext("Box %(number)s, %(width)s by %(height)s pixels, %(x)s from the left, %(y)s from the top"),
        { ...box, number: at },
      ),
    );
    row.remove.setAttribute("aria-label", phrase(gettext("Delete box %(number)s"), { number: at }));
    row.numbers.hidden = !chosen;
    for (const side of row.sides) {
      side.max =
        this.sheet.size[side.dataset.side === "x" || side.dataset.side === "width" ? "width" : "height"];
      if (document.activeElement !== side || !chosen) side.value = box[side.dataset.side];
    }
    if (chosenNow && this.list.scrollHeight > this.list.clientHeight)
      row.element.scrollIntoView({ block: "nearest" });
  }

  #count() {
    const { sheet } = this;
    if (!sheet.shown) return;
    const share = this.share();
    const text = sentence(share, sheet.empty && !sheet.live);
    if (text === this.#said) return;
    this.#said = text;
    const line = document.getElementById("share");
    line.textContent = text;
    line.classList.toggle("error", share > MOST_SHARE);
    /** @type {HTMLProgressElement} */ (document.getElementById("share-bar")).value = 100 * share;
    document.getElementById("marked").classList.toggle("too-much", share > MOST_SHARE);
  }
}

/* How much is marked, in words. */
export function sentence(share, empty = false) {
  if (empty) return gettext("Nothing is marked yet.");
  const percent = share < 0.1 ? Math.max(0.1, Math.round(share * 1000) / 10) : Math.round(share * 100);
  // No line ends between a number and its sign.
  if (share <= MOST_SHARE)
    return phrase(gettext("%(percent)s\u00a0% of the photo (at most 50\u00a0%)"), {
      percent: figure(percent),
    });
  return phrase(
    gettext("%(percent)s\u00a0% of the photo is marked; at most 50\u00a0% can be filled. Mark less."),
    { percent: Math.ceil(share * 100) },
  );
}
