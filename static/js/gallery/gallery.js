/* The gallery: ticking pictures, looking at them enlarged, deleting them.
 *
 * The page works without any of this: cards are links, ticks and buttons are one form, pages are
 * addresses. What only a script can do is shown once this one runs (data-ready). */
import { token } from "../core/csrf.js";
import { startBoard } from "./board.js";
import { startDeleting } from "./deletion.js";
import { startLightbox } from "./lightbox.js";
import { startSelection } from "./selection.js";

const gallery = document.getElementById("gallery");
const filter = /** @type {HTMLFormElement} */ (document.getElementById("filter"));

/* A sign-in in another tab renews the token: forms carry the cookie's as it is at the last moment. */
document.addEventListener(
  "submit",
  (event) => {
    /** @type {HTMLInputElement} */
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) field.value = token() || field.value;
  },
  true,
);

/* Addresses without what was left open: /gallery/?tool=cutout, not ?q=&tool=cutout&period=&since=… */
document.addEventListener("htmx:configRequest", (event) => {
  if (!filter?.contains(event.target)) return;
  const parameters = event.detail.parameters;
  for (const name of Object.keys(parameters)) if (!parameters[name]) delete parameters[name];
});
/* The search asks while it is typed: leaving it afterwards asks nothing new. */
filter?.elements.q.addEventListener("change", (event) => event.stopPropagation());
filter?.addEventListener("submit", () => {
  const open = [.../** @type {Iterable<HTMLInputElement>} */ (filter.elements)].filter(
    (field) => field.name && !field.value && !field.disabled,
  );
  for (const field of open) field.disabled = true;
  setTimeout(() =>
    open.forEach((field) => {
      field.disabled = false;
    }),
  );
});

/* A thumbnail whose file is gone leaves its place, with a sign, to the name below it. */
document.addEventListener(
  "error",
  (event) => {
    event.target.closest?.(".cards .pic")?.classList.add("lost");
  },
  true,
);

if (filter) {
  const one = ({ dataset: { result, name } }) => ({ count: 1, name, fields: [["result", result]] });
  gallery.dataset.ready = "";
  startBoard(gallery);
  const selection = startSelection(gallery);
  const deleting = startDeleting();
  const lightbox = startLightbox(gallery, { remove: (card) => deleting.ask(one(card)) });

  document.addEventListener("gallery:deleted", selection.clear);

  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("[data-enlarge]");
    if (link && !event.defaultPrevented && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      lightbox.open(link.closest(".card"));
    }
    if (event.target.closest("[data-delete]")) {
      event.preventDefault();
      deleting.ask(selection.describeChosen());
    }
  });

  const shortcuts = /** @type {HTMLDialogElement} */ (document.getElementById("shortcuts"));
  document.querySelector("[data-shortcuts]").addEventListener("click", () => shortcuts.showModal());
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), select")) return;
    if (event.key === "Delete") deleting.ask(selection.describeChosen());
    else if (event.key === "/") filter.elements.q.focus();
    else if (event.key === "?") shortcuts.showModal();
    else return;
    event.preventDefault();
  });
}
