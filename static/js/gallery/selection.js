/* Ticking pictures: a click on the tick, shift for a range, x on the card with the focus, Esc to clear. While
 * selecting, a click anywhere on a card ticks it.
 *
 * "All" means all that match, also those that are not on the page yet: the box #all-of-them says so to the
 * server, and what is unticked afterwards is sent as an exception. Else the checkboxes are the truth.
 * startSelection(gallery) → { describeChosen(), clear(), show() }; describeChosen() is { count, name, fields
 * } for a form that is to do something with them. */
import { figure, phrase } from "../core/words.js";

/** @param {HTMLElement} gallery */
export function startSelection(gallery) {
  const bar = gallery.querySelector(".actions");
  const form = document.getElementById("selection");
  const mode = gallery.querySelector("[data-select]");
  const count = bar.querySelector("[data-count]");
  const allButton = bar.querySelector("[data-all]");
  const word = bar.querySelector(".word");
  const limit = Number(bar.dataset.limit) || Infinity; // more are not taken one by one
  const except = new Set(); // of all, those unticked
  let last = null; // where a range begins
  let asked = false; // whether the button asked for selecting with nothing ticked yet
  for (const element of [mode, allButton, bar.querySelector("[data-clear]")]) element.hidden = false;

  const boxes = () => [
    .../** @type {NodeListOf<HTMLInputElement>} */ (gallery.querySelectorAll(".tick input")),
  ];
  const ticked = () => boxes().filter((box) => box.checked);
  const all = () => /** @type {HTMLInputElement} */ (document.getElementById("all-of-them"));
  const everything = () => Boolean(all()?.checked);
  const total = () => Number(document.getElementById("matches")?.dataset.count) || 0;
  const number = () => (everything() ? Math.max(0, total() - except.size) : ticked().length);

  function show() {
    if (everything()) for (const box of boxes()) box.checked = !except.has(box.value);
    const chosen = number();
    const over = !everything() && chosen > limit;
    const selecting = asked || chosen > 0;
    gallery.toggleAttribute("data-selecting", selecting);
    mode.setAttribute("aria-pressed", String(selecting));
    count.textContent = figure(chosen);
    word.textContent = over
      ? phrase(gettext("selected, %(limit)s at most"), { limit })
      : phrase(gettext("of %(total)s selected"), { total: figure(total()) });
    bar.toggleAttribute("data-over", over);
    const areAll = Boolean(chosen) && chosen === total();
    allButton.querySelector("[data-word=long]").textContent = areAll
      ? gettext("Select none")
      : gettext("Select all");
    allButton.querySelector("[data-word=short]").textContent = areAll ? gettext("none") : gettext("all");
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (
      bar.querySelectorAll("button:not([type=button])")
    ))
      button.disabled = !chosen || over;
  }

  /**
   * @param {HTMLInputElement} box
   * @param {boolean} checked
   */
  function set(box, checked) {
    box.checked = checked;
    if (checked) except.delete(box.value);
    else if (everything()) except.add(box.value);
  }

  /**
   * @param {HTMLInputElement} box
   * @param {boolean} checked
   */
  function tick(box, checked, range = false) {
    const list = boxes();
    const from = range && last ? list.indexOf(last) : -1;
    const to = list.indexOf(box);
    if (from >= 0) {
      for (const each of list.slice(Math.min(from, to), Math.max(from, to) + 1)) set(each, checked);
    }
    set(box, checked);
    last = box;
    if (everything() && number() === 0) all().checked = false;
    show();
  }

  /** @param {boolean} whether */
  function selectAll(whether) {
    except.clear();
    if (all()) all().checked = whether;
    for (const box of boxes()) box.checked = whether;
    show();
  }

  function clear() {
    asked = false;
    last = null;
    selectAll(false);
  }

  /* What a form sends of them, as names and values. */
  function fields() {
    if (!everything()) return ticked().map((box) => [box.name, box.value]);
    const filter = [
      .../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-asked]")),
    ].map((field) => [field.name, field.value]);
    return [[all().name, all().value], ...filter, ...[...except].map((key) => ["except", key])];
  }

  // The cards that are there say nothing more than "all" does.
  form.addEventListener("formdata", ({ formData }) => {
    if (!everything()) return;
    for (const name of new Set(boxes().map((box) => box.name))) formData.delete(name);
    for (const key of except) formData.append("except", key);
  });

  // Capture: a card ticked this way is not enlarged.
  gallery.addEventListener(
    "click",
    (event) => {
      const card = event.target.closest(".cards > .card");
      if (!card) return;
      /** @type {HTMLInputElement} */
      const box = card.querySelector(".tick input");
      if (event.target === box) {
        tick(box, box.checked, event.shiftKey);
      } else if (
        event.target.closest(".pic, .foot") &&
        (gallery.hasAttribute("data-selecting") || event.shiftKey)
      ) {
        event.preventDefault();
        tick(box, !box.checked, event.shiftKey);
      }
    },
    true,
  );
  // Shift and a click would otherwise mark the text between.
  gallery.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".card")) event.preventDefault();
  });

  mode.addEventListener("click", () => {
    if (gallery.hasAttribute("data-selecting")) clear();
    else {
      asked = true;
      show();
    }
  });
  allButton.addEventListener("click", () => {
    asked = true;
    selectAll(number() < total());
  });
  bar.querySelector("[data-clear]").addEventListener("click", () => {
    clear();
    mode.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (
      document.querySelector("dialog[open], details.menu[open]") ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && !typing && gallery.hasAttribute("data-selecting")) clear();
    if (event.key.toLowerCase() === "x" && !typing) {
      const card = event.target.closest(".cards > .card") || gallery.querySelector(".cards > .card:hover");
      /** @type {HTMLInputElement} */
      const box = card?.querySelector(".tick input");
      if (box) tick(box, !box.checked, event.shiftKey);
    }
  });
  // Cards came, were deleted, or changed with the filter; with another filter "all" is another all.
  document.addEventListener("htmx:afterSettle", () => {
    if (!everything()) except.clear();
    show();
  });
  document.addEventListener("htmx:oobAfterSwap", show);
  // The way back may restore ticks.
  addEventListener("pageshow", show);
  show();

  function describeChosen() {
    const [first] = ticked();
    return { count: number(), name: first?.closest(".card").dataset.name, fields: fields() };
  }

  return { describeChosen, clear, show };
}
