/* Buttons that copy.
 *
 * <button data-copy="id"> copies what the element of that id says, and says that it did. Without this
 * script there is no button: it is hidden in the page and shown here. */
import { say } from "./toasts.js";

for (const button of document.querySelectorAll("button[data-copy]")) {
  /** @type {HTMLElement & Partial<HTMLTextAreaElement>} */
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      say(gettext("Copied."));
    } catch {
      // Only over HTTPS or on this machine: elsewhere the text is marked, for the person to copy.
      if (source.select) source.select();
      say(gettext("Press Ctrl+C to copy."));
    }
  });
}
