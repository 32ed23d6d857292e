/* The eye in a password field: shows what was typed, for as long as its box is ticked.
 * The box stands in the page, hidden; without this script it stays so and nothing is missing. */
for (const eye of document.querySelectorAll(".password > .reveal")) {
  const box = eye.querySelector("input");
  const input = /** @type {HTMLInputElement} */ (document.getElementById(box.getAttribute("aria-controls")));

  const show = (shown) => {
    input.type = shown ? "text" : "password";
    box.checked = shown;
  };

  show(false); // a browser that comes back to the page may have kept the tick
  eye.hidden = false;
  box.addEventListener("change", () => show(box.checked));
  // Browsers offer to remember password fields only, and nothing shown should stay on the screen.
  input.form.addEventListener("submit", () => show(false));
}
