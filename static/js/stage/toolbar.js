/* The buttons under the stage.
 *
 * startToolbar({stage, photo, compare}) → what each of them does, by name, for the keys: in, out, actual,
 * fit, compare, board. The eye shows the photo before for as long as it is held. The board under a
 * cutout is light or dark as the theme has it, until it was switched; that is kept. */
import { phrase } from "../core/words.js";

export function startToolbar({ stage, photo, compare }) {
  const bar = document.getElementById("toolbar");
  const desk = document.getElementById("desk");
  /** @type {(view: string) => HTMLButtonElement} */
  const button = (view) => bar.querySelector(`[data-view="${view}"]`);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function darkBoard() {
    if (desk.dataset.board) return desk.dataset.board === "dark";
    const { theme } = document.documentElement.dataset;
    return theme ? theme === "dark" : dark.matches;
  }

  function setBoard(board) {
    desk.dataset.board = stage.section.dataset.board = board;
    stage.invalidate();
  }

  const views = {
    in: () => stage.zoomBy(1.25),
    out: () => stage.zoomBy(0.8),
    actual: () => stage.actual(),
    fit: () => stage.fit(),
    compare: () => compare.toggle(),
    board: () => {
      setBoard(darkBoard() ? "light" : "dark");
      try {
        localStorage.setItem("board", desk.dataset.board);
      } catch {
        /* shown, not kept */
      }
    },
  };

  try {
    const board = localStorage.getItem("board");
    if (board) setBoard(board);
  } catch {
    /* storage is off: as the theme has it */
  }

  bar.addEventListener("click", (event) => views[event.target.closest("[data-view]")?.dataset.view]?.());

  const eye = button("before");
  eye.addEventListener("pointerdown", (event) => {
    eye.setPointerCapture(event.pointerId);
    compare.hold(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur", "keyup"]) {
    eye.addEventListener(end, () => compare.hold(false));
  }
  eye.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") compare.hold(true);
  });
  eye.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch holds, it asks for no menu

  stage.addEventListener("draw", () => {
    bar.hidden = stage.empty;
    const scale = `${Math.round(stage.view.scale * 100)} %`;
    button("actual").textContent = scale;
    button("actual").setAttribute("aria-label", phrase(gettext("%(scale)s: actual size"), { scale }));
    button("compare").setAttribute("aria-pressed", String(compare.on && compare.possible));
    button("compare").disabled = !compare.possible;
    eye.disabled = !photo.after || !photo.before;
    button("board").setAttribute("aria-pressed", String(darkBoard()));
  });
  stage.invalidate();
  return views;
}
