/* On a narrow page the options are a sheet below the picture, closed until they are wanted.
 *
 * startSheet(desk): the bar opens and closes it, by a press or a swipe; Escape and the browser's Back close it.
 * The bar keeps the focus as it opens, and gets it back from what is gone once it closes. Wide pages show
 * no bar: there the options stand beside the picture, and none of this is seen. */
/** @param {HTMLElement} desk */
export function startSheet(desk) {
  const bar = document.getElementById("sheet");
  let steps = 0; // into the history since it opened

  const open = () => desk.dataset.sheet === "open";
  const seen = () => bar.offsetParent !== null;

  /** @param {boolean} whether */
  function show(whether) {
    if (whether === open()) return;
    const focused = document.activeElement?.closest(".panel") && document.activeElement !== bar;
    desk.dataset.sheet = whether ? "open" : "";
    bar.setAttribute("aria-expanded", String(whether));
    if (whether) steps = 0;
    else if (focused && seen()) bar.focus();
  }

  function unfold() {
    show(true);
    history.pushState({ ...history.state, sheet: true }, "");
  }

  /* Its own step in the history goes with it, unless others were taken since. */
  function fold() {
    if (!open()) return;
    show(false);
    if (history.state?.sheet && !steps) history.back();
    else history.replaceState({ ...history.state, sheet: false }, "");
  }

  bar.addEventListener("click", () => (open() ? fold() : unfold()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !open() || !seen()) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    event.preventDefault();
    fold();
    bar.focus();
  });
  document.addEventListener("walked", () => show(Boolean(history.state?.sheet)));
  for (const [event, step] of Object.entries({ "htmx:pushedIntoHistory": 1, "htmx:replacedInHistory": 0 })) {
    document.addEventListener(event, () => {
      if (!open()) return;
      steps += step;
      history.replaceState({ ...history.state, sheet: true }, "");
    });
  }
  // What was ordered is looked at.
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (seen() && (target.id === "start" || target.id === "again")) fold();
  });

  show(Boolean(history.state?.sheet)); // as it was before a reload

  let began = null;
  bar.addEventListener("pointerdown", (event) => {
    began = event.clientY;
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointerup", (event) => {
    const up = began - event.clientY;
    began = null;
    if (Math.abs(up) < 24 || up > 0 === open()) return;
    bar.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
    setTimeout(() => (open() ? fold() : unfold()));
  });
}
