/* What every page has: menus that close, confirmations, sentences that come from below.
 *
 * - <details class="menu"> closes on a click elsewhere, on Escape (focus back to its summary) and
 *   when something in it was chosen.
 * - A form with data-ask="dialog-id" is submitted only once that <dialog> was answered with "yes".
 *   Without this script the form is simply submitted.
 * - An htmx answer with an error status is shown as a toast: the server's sentence as it is. What
 *   polls (data-poll) is left to connection.js, which says it once and quietly.
 * - The field marked with autofocus has the caret by the time the page has loaded.
 * - Every form and every htmx request carries the CSRF token that the cookie has at that moment.
 */
import { token } from "./csrf.js";
import { say } from "./toasts.js";

// As autofocus does, but before the page counts as loaded: who types at once types into the field.
const first = document.querySelector("main form [autofocus]");
if (first && document.activeElement === document.body && !location.hash) first.focus();

function closeMenus(except = null) {
  for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (
    document.querySelectorAll("details.menu[open]")
  )) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const chosen = event.target.closest(".menu-body a, .menu-body button");
  if (chosen) setTimeout(() => closeMenus());
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape") return;
    /** @type {HTMLDetailsElement} */
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  },
  true,
);

/** @param {HTMLFormElement} form */
function ask(form) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(form.dataset.ask));
  const opener = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue === "yes") {
        form.dataset.answered = "";
        form.requestSubmit();
      } else if (opener instanceof HTMLElement) {
        opener.focus();
      }
    },
    { once: true },
  );
}

// Capture: before htmx sees the submit.
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.ask) return;
    if ("answered" in form.dataset) {
      delete form.dataset.answered;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    ask(form);
  },
  true,
);

document.addEventListener(
  "submit",
  (event) => {
    const field = /** @type {HTMLFormElement} */ (event.target).elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  },
  true,
);

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.formData.delete("csrfmiddlewaretoken");
  event.detail.headers["X-CSRFToken"] = token();
});

// A refusal in plain words is for a toast, also where a page of errors (422) would be put in place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || !(xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain")) return;
  event.detail.shouldSwap = false;
  event.detail.isError = true;
});

document.addEventListener("htmx:sendError", (event) => {
  if (!event.target.closest("[data-poll]"))
    say(gettext("The studio could not be reached. Check the connection, then try again."));
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (event.target.closest("[data-poll]")) return;
  if (xhr.status === 401) {
    say(gettext("You were signed out. Sign in in a new tab, then try again."), {
      action: [gettext("Sign in"), signInAddress()],
    });
  } else if ((xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && xhr.responseText) {
    say(xhr.responseText);
  } else {
    say(gettext("That did not work. Try again in a moment."));
  }
});

function signInAddress() {
  return document.body.dataset.signIn;
}

// The languages of the menu, for who is not signed in.
document.addEventListener("click", (event) => {
  const chosen = event.target instanceof Element ? event.target.closest("button[data-language]") : null;
  const form = document.querySelector("form#language");
  if (!(chosen instanceof HTMLElement) || !(form instanceof HTMLFormElement)) return;
  form.querySelector("[name=language]").setAttribute("value", chosen.dataset.language);
  form.submit();
});
