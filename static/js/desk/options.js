/* The options' small conveniences; the form works without them.
 *
 * startOptions(form): the free colour follows its picker, the margin says its value, the file's options
 * are summed up in their closed line, the picture that stood behind before is shown. */
/** @param {HTMLFormElement} form */
export function startOptions(form) {
  /** @type {HTMLInputElement} */
  const free = form.querySelector("[data-free]");
  /** @type {HTMLInputElement} */
  const colour = free.parentElement.querySelector('[type="color"]');
  const margin = form.elements.margin;
  const backdrop = form.elements.backdrop;

  const word = (name) =>
    form.querySelector(`[name="${name}"]:checked`)?.closest("label").textContent.trim() || "";

  const mostMargin = { canvas: 45, subject: 50 };

  function show() {
    margin.max = String(mostMargin[form.elements.margin_of.value] || 45);
    free.parentElement.classList.toggle("chosen", free.checked);
    free.parentElement.style.backgroundColor = free.checked ? colour.value : "";
    margin.nextElementSibling.textContent = `${margin.value} %`;
    form.querySelector("[data-file-summary]").textContent = ["format", "size", "outputs"]
      .map(word)
      .join(" · ");
  }

  colour.addEventListener("click", () => {
    free.checked = true;
    show();
  });
  colour.addEventListener("input", () => {
    free.value = colour.value;
    free.checked = true;
    show();
  });
  form.querySelector('[name="background"][value="picture"]').addEventListener("click", () => {
    if (!backdrop.files.length && !form.elements.kept_backdrop.value) backdrop.click();
  });
  form.addEventListener("input", show);
  form.addEventListener("shown", ({ detail: { shows } }) => {
    const kept = form.querySelector("[data-kept]");
    kept.hidden = !form.elements.kept_backdrop.value;
    if (shows.address) {
      kept.querySelector("img").src = shows.address;
      kept.querySelector("b").textContent = shows.name;
    }
    show();
  });
  show();
}
