/* Single keys as shortcuts.
 *
 * bindKeys({ "+": does(event), "Shift+D": does }, { "\\": holds(down) }): names are event.key, letters in upper
 * case, with "Shift+" before letters and named keys. Nothing happens while somebody types, while a
 * dialog is open, or with Ctrl, Alt or Meta. A holding key is told of its release too, and of a
 * window that lost the focus in between. */
const TYPES =
  "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], [type=file], [type=color], [type=button])";

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
