/* Uploads that did not arrive, each with its sentence; the file is kept until it is dismissed.
 *
 * new Failures(again, dismiss): show(upload, sentence, retryable); `kept` says whether any waits for
 * "Try again". The focus goes on to the next failure, or back to "Add photos". Of very many the first are
 * shown, and one line for all. */
import { phrase } from "../core/words.js";

const SHOWN = 8;

export class Failures {
  #rows = new Map();
  /** @type {HTMLElement | null} */
  #waits = null;

  constructor(again, dismiss) {
    this.box = document.getElementById("failures");
    this.again = again;
    this.dismiss = dismiss;
  }

  get kept() {
    return [...this.#rows.values()].some((row) => row.retryable);
  }

  /** @param {string} sentence */
  show(upload, sentence, retryable) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("failure"));
    const element = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    element.querySelector("b").textContent = upload.file.name;
    element.querySelector("span").textContent = sentence;
    const again = element.querySelector("[data-again]");
    again.hidden = !retryable;
    again.setAttribute("aria-label", phrase(gettext("Try again: %(name)s"), { name: upload.file.name }));
    again.addEventListener("click", () => this.#take(upload, this.again));
    const dismiss = element.querySelector("[data-dismiss]");
    dismiss.setAttribute("aria-label", phrase(gettext("Dismiss: %(name)s"), { name: upload.file.name }));
    dismiss.addEventListener("click", () => this.#take(upload, this.dismiss));
    this.#rows.set(upload, { element, retryable });
    this.#arrange();
  }

  /* One line for all that wait by themselves, and the way not to. */
  /**
   * @param {string} sentence
   * @param {() => void} stop
   */
  wait(sentence, stop) {
    this.#waits = line(sentence, [button(gettext("Stop waiting"), stop)]);
    this.#arrange();
  }

  stopWaiting() {
    if (!this.#waits) return;
    this.#waits = null;
    this.#arrange();
  }

  #take(upload, then) {
    this.#rows.get(upload)?.element.remove();
    this.#rows.delete(upload);
    this.#arrange();
    const next = this.box.querySelector(".failure button:not([hidden])") || document.getElementById("picker");
    next.focus();
    then(upload);
  }

  #all(then, which) {
    for (const [upload, row] of [...this.#rows]) if (which(row)) this.#take(upload, then);
  }

  /* With several, one line for all of them. */
  #arrange() {
    this.box.hidden = this.#rows.size === 0 && !this.#waits;
    for (const old of this.box.querySelectorAll(".failure-all")) old.remove();
    for (const { element } of [...this.#rows.values()].slice(0, SHOWN))
      if (!element.isConnected) this.box.append(element);
    if (this.#waits) this.box.prepend(this.#waits);
    if (this.#rows.size < 2) return;
    const sentence = phrase(gettext("%(count)s files were not added."), { count: this.#rows.size });
    const buttons = [button(gettext("Dismiss all"), () => this.#all(this.dismiss, () => true))];
    if (this.kept)
      buttons.unshift(button(gettext("Try all again"), () => this.#all(this.again, (row) => row.retryable)));
    this.box.prepend(line(sentence, buttons));
  }
}

/**
 * @param {string} sentence
 * @param {HTMLElement[]} buttons
 */
function line(sentence, buttons) {
  const element = document.createElement("div");
  element.className = "failure failure-all";
  const text = document.createElement("p");
  text.textContent = sentence;
  element.append(text, ...buttons);
  return element;
}

function button(label, does) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button small";
  element.textContent = label;
  element.addEventListener("click", does);
  return element;
}
