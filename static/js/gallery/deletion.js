/* Asking before pictures are deleted, and the way back afterwards.
 *
 * startDeleting() → { ask({ count, name, fields }) }. The answer's form is sent by htmx; what comes back takes
 * the cards away and puts the new sums in. Deleted pictures are in the trash: "Undo" brings them back. */
import { restoreDeleted } from "../core/restore.js";
import { say } from "../core/toasts.js";
import { figure, phrase } from "../core/words.js";

export function startDeleting() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("confirm"));
  const form = dialog.querySelector("form");
  const keys = dialog.querySelector("[data-keys]");
  const failed = dialog.querySelector("[data-failed]");
  const originals = form.elements.with_originals;

  dialog.querySelector("[data-keep]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  // What went wrong is said in the dialog: a toast would stand behind it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    const { successful, xhr } = event.detail;
    failed.hidden = successful;
    if (successful) dialog.close();
    else if (xhr.status && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain"))
      failed.textContent = xhr.responseText;
    else failed.textContent = gettext("The studio did not answer. Check the connection and try again.");
  });
  document.addEventListener("gallery:deleted", ({ detail: { sentence, moment } }) => {
    say(sentence, { action: [gettext("Undo"), () => undo(moment)] });
  });

  /** @param {string} moment */
  async function undo(moment) {
    if (!(await restoreDeleted(form.dataset.restore, moment))) return;
    htmx.ajax("GET", location.pathname + location.search, { target: "#found", swap: "outerHTML" });
  }

  function ask({ count, name, fields }) {
    if (!count || dialog.open) return;
    keys.replaceChildren(
      ...fields.map(([field, value]) => {
        const key = document.createElement("input");
        Object.assign(key, { type: "hidden", name: field, value });
        return key;
      }),
    );
    originals.checked = false;
    failed.hidden = true;
    dialog.querySelector("[data-title]").textContent =
      count === 1
        ? phrase(gettext("Delete this picture of %(name)s?"), { name })
        : phrase(gettext("Delete %(count)s pictures?"), { count: figure(count) });
    dialog.showModal();
  }

  return { ask };
}
