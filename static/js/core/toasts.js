/* One sentence from below, for what has no place of its own on the page.
 *
 * say(sentence, { action: [label, address | function], lasting }) → { close() }
 * It is read out (role=status), goes after eight seconds unless it is lasting, has an action, or
 * is being pointed at; at most three stand at once. */
import { icon } from "./icons.js";

const LASTS = 8000;

function place() {
  let list = document.getElementById("toasts");
  if (!list) {
    list = document.createElement("ul");
    list.id = "toasts";
    list.className = "toasts";
    list.setAttribute("role", "status");
    document.body.append(list);
  }
  return list;
}

/**
 * @param {Action} action
 * @param {() => void} close
 */
function actionElement([label, does], close) {
  const element = typeof does === "string" ? document.createElement("a") : document.createElement("button");
  element.className = "action";
  element.textContent = label;
  if (element instanceof HTMLAnchorElement) {
    element.href = String(does);
    element.target = "_blank";
    element.rel = "opener";
  } else if (typeof does === "function") {
    element.type = "button";
    element.addEventListener("click", () => {
      close();
      does();
    });
  }
  return element;
}

/** @typedef {[label: string, does: string | (() => void)]} Action an address, or what a press does */

/**
 * @param {string} sentence
 * @param {{ action?: Action, lasting?: boolean }} [how]
 */
export function say(sentence, { action = null, lasting = false } = {}) {
  const list = place();
  for (const same of list.querySelectorAll("li")) if (same.dataset.sentence === sentence) same.remove();
  while (list.children.length > 2) list.firstElementChild.remove();

  const toast = document.createElement("li");
  toast.className = "toast";
  toast.dataset.sentence = sentence;
  const text = document.createElement("span");
  text.textContent = sentence;
  const close = () => toast.remove();
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.className = "icon-button";
  dismiss.setAttribute("aria-label", gettext("Dismiss"));
  dismiss.append(icon("close"));
  dismiss.addEventListener("click", close);
  toast.append(text, ...(action ? [actionElement(action, close)] : []), dismiss);
  list.append(toast);

  if (!lasting && !action) {
    let timer = setTimeout(close, LASTS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => {
      timer = setTimeout(close, LASTS / 2);
    });
  }
  return { close };
}
