/* A recipe's page: its fields, seen at once on a cutout of one's own, and files that are added and left out.
 *
 * The picture is the engine's own, of the form as it is: nothing is saved by looking. */
import { token } from "../core/csrf.js";
import { Panel } from "../tools/cutout/finish/panel.js";

const PAUSE = 250; // ms, after the last change

const form = /** @type {HTMLFormElement} */ (document.getElementById("recipe"));
const image = /** @type {HTMLImageElement | null} */ (document.getElementById("trial"));
const note = document.getElementById("trial-note");
const figure = image?.closest("figure");
const panel = new Panel(form, { sent: true });

let timer = 0;
/** @type {AbortController | null} */
let asking = null;

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
};

async function look() {
  /** @type {HTMLInputElement | null} */
  const chosen = document.querySelector("[name=trial]:checked");
  if (!chosen || !image) return;
  asking?.abort();
  const own = new AbortController();
  asking = own;
  figure.setAttribute("aria-busy", "true");
  // A recipe that may only be looked at is looked at all the same.
  /** @type {HTMLFieldSetElement} */
  const says = form.querySelector(".recipe-says");
  const isShut = says.disabled;
  says.disabled = false;
  const body = new FormData(form);
  says.disabled = isShut;
  body.delete("backdrop"); // shown once it is saved: it need not travel with each change
  try {
    const answer = await fetch(chosen.value, {
      method: "POST",
      body,
      signal: own.signal,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
    });
    if (!answer.ok) {
      const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
      note.textContent = plain
        ? await answer.text()
        : gettext("That could not be shown. Try again in a moment.");
      return;
    }
    const before = image.src;
    image.src = URL.createObjectURL(await answer.blob());
    await image.decode();
    image.hidden = false;
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
    note.textContent =
      decodeURIComponent(answer.headers.get("X-Note") || "") || gettext("The first file, as it would be.");
  } catch (error) {
    if (error.name !== "AbortError")
      note.textContent = gettext("The studio could not be reached. Check the connection.");
  } finally {
    if (asking === own) figure.removeAttribute("aria-busy"); // else a later look is under way
  }
}

panel.addEventListener("change", soon);
document.addEventListener("change", (event) => {
  if (event.target.name === "trial") look();
});

// -- Files ----------------------------------------------------------------------------------------------

const list = document.getElementById("outputs");
const total = /** @type {HTMLInputElement} */ (form.elements["outputs-TOTAL_FORMS"]);
const most = Number(form.elements["outputs-MAX_NUM_FORMS"].value);
const more = /** @type {HTMLButtonElement} */ (document.getElementById("more"));

function dressFiles() {
  more.disabled = list.children.length >= most;
  const left = [...list.children].filter((one) => !one.querySelector("[name$=DELETE]:checked"));
  for (const one of list.children) {
    const remove = /** @type {HTMLInputElement} */ (one.querySelector("[name$=DELETE]"));
    remove.disabled = left.length === 1 && one === left[0]; // a recipe makes one at least
  }
}

more.addEventListener("click", (event) => {
  event.preventDefault();
  const pattern = /** @type {HTMLTemplateElement} */ (document.getElementById("output"));
  const number = total.value;
  const holder = document.createElement("ol");
  holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", number);
  const added = holder.firstElementChild;
  list.append(added);
  total.value = String(Number(number) + 1);
  dressFiles();
  /** @type {HTMLElement} */ (added.querySelector("select")).focus();
  soon();
});
list.addEventListener("change", dressFiles);

dressFiles();
look();
