/* Light, dark or as the system has it.
 *
 * Loaded in <head> without defer, so that the choice stands before the first paint. The choice is
 * kept in localStorage as "theme" ("light" | "dark"; nothing means automatic) and shown as
 * data-theme on <html>. Radios named "theme", wherever they stand, follow it and set it. */
(() => {
  const root = document.documentElement;

  function readChoice() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage is switched off: the system decides
    }
  }

  /** @param {string} theme */
  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function mark() {
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
      document.querySelectorAll('input[name="theme"]')
    )) {
      radio.checked = radio.value === readChoice();
    }
  }

  apply(readChoice());
  document.addEventListener("DOMContentLoaded", mark);
  document.addEventListener("change", (event) => {
    if (!event.target.matches('input[name="theme"]')) return;
    try {
      if (event.target.value === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", event.target.value);
    } catch {
      // Not kept, but shown for as long as this page stands.
    }
    apply(event.target.value);
    document.dispatchEvent(new CustomEvent("theme"));
  });
  addEventListener("storage", (event) => {
    if (event.key !== "theme") return;
    apply(readChoice());
    mark();
    document.dispatchEvent(new CustomEvent("theme"));
  });
})();
