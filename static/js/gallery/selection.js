/* Ticking pictures: a click on the tick, shift for a range, x on the card with the focus, all of the
 * page, Esc to clear. While selecting, a click anywhere on a card ticks it. The checkboxes are the
 * truth; nothing is remembered beside them. */

export function startSelection(gallery) {
  const bar = gallery.querySelector(".actions");
  const mode = gallery.querySelector("[data-select]");
  const count = bar.querySelector("[data-count]");
  const all = bar.querySelector("[data-all]");
  const word = bar.querySelector(".word");
  const limit = Number(bar.dataset.limit); // more are not taken at once
  let last = null; // where a range begins
  let asked = false; // whether the button asked for selecting with nothing ticked yet
  for (const element of [mode, all, bar.querySelector("[data-clear]")]) element.hidden = false;

  const boxes = () => [...gallery.querySelectorAll(".tick input")];
  const ticked = () => boxes().filter((box) => box.checked);

  function show() {
    const number = ticked().length;
    const selecting = asked || number > 0;
    gallery.toggleAttribute("data-selecting", selecting);
    mode.setAttribute("aria-pressed", String(selecting));
    count.textContent = String(number);
    word.textContent = number > limit ? `selected, ${limit} at most` : "selected";
    bar.toggleAttribute("data-over", number > limit);
    all.querySelector("[data-word]").textContent = number && number === boxes().length ? "none" : "all";
    for (const button of bar.querySelectorAll("button:not([type=button])")) button.disabled = !number || number > limit;
  }

  function tick(box, checked, range = false) {
    const list = boxes();
    const from = range && last ? list.indexOf(last) : -1;
    const to = list.indexOf(box);
    if (from >= 0) {
      for (const each of list.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = checked;
    }
    box.checked = checked;
    last = box;
    show();
  }

  function clear() {
    asked = false;
    last = null;
    for (const box of boxes()) box.checked = false;
    show();
  }

  // Capture: a card ticked this way is not enlarged.
  gallery.addEventListener("click", (event) => {
    const card = event.target.closest(".cards > .card");
    if (!card) return;
    const box = card.querySelector(".tick input");
    if (event.target === box) {
      tick(box, box.checked, event.shiftKey);
    } else if (event.target.closest(".pic, .foot") && (gallery.hasAttribute("data-selecting") || event.shiftKey)) {
      event.preventDefault();
      tick(box, !box.checked, event.shiftKey);
    }
  }, true);
  // Shift and a click would otherwise mark the text between.
  gallery.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".card")) event.preventDefault();
  });

  mode.addEventListener("click", () => {
    if (gallery.hasAttribute("data-selecting")) clear();
    else { asked = true; show(); }
  });
  all.addEventListener("click", () => {
    const wanted = ticked().length < boxes().length;
    asked = true;
    for (const box of boxes()) box.checked = wanted;
    show();
  });
  bar.querySelector("[data-clear]").addEventListener("click", () => { clear(); mode.focus(); });

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open], details.menu[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && !typing && gallery.hasAttribute("data-selecting")) clear();
    if (event.key.toLowerCase() === "x" && !typing) {
      const card = event.target.closest(".cards > .card") || gallery.querySelector(".cards > .card:hover");
      const box = card?.querySelector(".tick input");
      if (box) tick(box, !box.checked, event.shiftKey);
    }
  });
  // Cards came, were deleted, or changed with the filter.
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("htmx:oobAfterSwap", show);
  // The way back may restore ticks.
  addEventListener("pageshow", show);
  show();

  return { cards: () => ticked().map((box) => box.closest(".card")), clear, show };
}
