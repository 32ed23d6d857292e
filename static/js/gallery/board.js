/* The board under cutouts, light or dark: a black lamp is not seen on a dark one. b or a button with
 * data-board-switch; the choice is kept under the name that the editor keeps it under. */

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @param {HTMLElement} gallery */
export function startBoard(gallery) {
  const switches = document.querySelectorAll("[data-board-switch]");

  function isDark() {
    const chosen = gallery.dataset.board || document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : dark.matches;
  }

  function show() {
    for (const button of switches) button.setAttribute("aria-pressed", String(isDark()));
  }

  function change() {
    gallery.dataset.board = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("board", gallery.dataset.board);
    } catch {
      // shown, not kept
    }
    show();
  }

  try {
    const kept = localStorage.getItem("board");
    if (kept) gallery.dataset.board = kept;
  } catch {
    // storage is switched off: the board follows the look
  }
  for (const button of switches) button.addEventListener("click", change);
  document.addEventListener("theme", show);
  dark.addEventListener("change", show);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "b" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.closest("input:not([type=checkbox]):not([type=radio]), select")) change();
  });
  show();
}
