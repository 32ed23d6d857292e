/* Asking before pictures are deleted. The answer's form is sent by htmx; what comes back takes the
 * cards away and puts the new sums in. */
import { say } from "../toasts.js";

export function startDeleting() {
  const dialog = document.getElementById("confirm");
  const form = dialog.querySelector("form");
  const keys = dialog.querySelector("[data-keys]");
  const failed = dialog.querySelector("[data-failed]");
  const originals = form.elements.with_originals;

  dialog.querySelector("[data-keep]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  // What went wrong is said in the dialog: a toast would stand behind it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    const { successful, xhr } = event.detail;
    failed.hidden = successful;
    if (successful) dialog.close();
    else if (xhr.status && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain")) failed.textContent = xhr.responseText;
    else failed.textContent = "The studio did not answer. Check the connection and try again.";
  });
  document.addEventListener("gallery:deleted", (event) => say(event.detail.sentence));

  function ask(cards) {
    if (!cards.length || dialog.open) return;
    keys.replaceChildren(...cards.map((card) => {
      const key = document.createElement("input");
      key.type = "hidden";
      key.name = "result";
      key.value = card.dataset.result;
      return key;
    }));
    originals.checked = false;
    failed.hidden = true;
    dialog.querySelector("[data-title]").textContent =
      cards.length === 1 ? `Delete this picture of ${cards[0].dataset.name}?` : `Delete ${cards.length} pictures?`;
    dialog.showModal();
  }

  return { ask };
}
