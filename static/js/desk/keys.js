/* Single keys as shortcuts.
 *
 * bindKeys({ "+": does(event), "Shift+D": does }, { "\\": holds(down) }): names are event.key, letters in upper
 * case, with "Shift+" before letters and named keys. Nothing happens while somebody types, while a
 * dialog is open, or with Ctrl, Alt or Meta. A holding key is told of its release too, and of a
 * window that lost the focus in between.
 *
 * bindToolKeys(meaning): a tool's own keys, which come before those. meaning(event) returns what a key does, nothing
 * where the tool leaves it to the desk. It is not asked while somebody types, or while a dialog or menu is open. */
const TYPES =
  "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], [type=file], [type=color], [type=button])";

/** What an arrow key moves by, across and down. */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function nameOf(event) {
  const { key } = event;
  if (key.length > 1) return event.shiftKey ? `Shift+${key}` : key;
  const upper = key.toUpperCase();
  return event.shiftKey && upper !== key.toLowerCase() ? `Shift+${upper}` : upper;
}

function isBlocked(event) {
  return (
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.defaultPrevented ||
    event.isComposing ||
    event.target.closest?.(TYPES) ||
    document.querySelector("dialog[open]")
  );
}

/* Keys that the focused control needs itself. */
function isForControl(event) {
  const { key, target } = event;
  if (key === " ") return target.closest?.("button, a, summary, label, input, [role=slider]");
  if (key.startsWith("Arrow")) return target.closest?.("input, [role=slider], .menu-body");
  return false;
}

export function bindKeys(does, holds = {}) {
  const held = new Set();
  const release = () => {
    for (const name of held) holds[name](false);
    held.clear();
  };
  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (isBlocked(event) || isForControl(event)) return;
    if (holds[name]) {
      event.preventDefault();
      if (!held.has(name)) {
        held.add(name);
        holds[name](true);
      }
    } else if (does[name]) {
      event.preventDefault();
      does[name](event);
    }
  });
  document.addEventListener("keyup", (event) => {
    const name = nameOf(event);
    if (held.delete(name)) holds[name](false);
  });
  addEventListener("blur", release);
}

/** @param {(event: KeyboardEvent) => (() => void) | null} meaning */
export function bindToolKeys(meaning) {
  // Capture: before the desk's keys, which step through the photos, delete them and zoom.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || event.target.closest?.(TYPES)) return;
      if (document.querySelector("dialog[open], details.menu[open]")) return;
      const does = meaning(event);
      if (!does) return;
      event.preventDefault();
      does();
    },
    true,
  );
}
