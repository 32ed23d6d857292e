/* The eye in a password field: shows what was typed, for as long as it is pressed in.
 * The button stands in the page, hidden; without this script it stays so and nothing is missing. */
for (const button of document.querySelectorAll(".password > .reveal")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));

  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };

  // The name stays and the state is pressed or not, so a screen reader says both once.
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers offer to remember password fields only, and nothing shown should stay on the screen.
  input.form.addEventListener("submit", () => show(false));
}
