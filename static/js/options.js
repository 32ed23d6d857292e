/* The options' small conveniences; the form works without them.
 *
 * options(form): the free colour follows its picker, the margin says its value, the file's options
 * are summed up in their closed line, and the form is marked "changed" until it was sent. */
export function options(form) {
  const free = form.querySelector("[data-free]");
  const colour = free.parentElement.querySelector('[type="color"]');
  const margin = form.elements.margin;
  const backdrop = form.elements.backdrop;

  const word = (name) => form.querySelector(`[name="${name}"]:checked`)?.closest("label").textContent.trim() || "";

  function show() {
    free.parentElement.classList.toggle("chosen", free.checked);
    free.parentElement.style.backgroundColor = free.checked ? colour.value : "";
    margin.nextElementSibling.textContent = `${margin.value} %`;
    form.querySelector("[data-file-summary]").textContent = ["format", "size", "outputs"].map(word).join(" · ");
  }

  colour.addEventListener("click", () => { free.checked = true; show(); });
  colour.addEventListener("input", () => {
    free.value = colour.value;
    free.checked = true;
    show();
  });
  form.querySelector('[name="background"][value="picture"]').addEventListener("click", () => {
    if (!backdrop.files.length) backdrop.click();
  });
  form.addEventListener("input", () => {
    form.classList.add("changed");
    show();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "start") form.classList.remove("changed");
  });
  show();
}
