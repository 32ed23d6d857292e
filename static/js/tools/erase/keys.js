/* The eraser's keys: they come before the editor's own, and leave it those that they do not need.
 *
 * bindEraseKeys({sheet, panel, undo, redo, addBox}). */
import { ARROWS, bindToolKeys } from "../../desk/keys.js";

const MODES = { R: "box", P: "mark", E: "unmark", N: "avoid" };
const FAR = 10; // pixels of a nudge with Shift

export function bindEraseKeys({ sheet, panel, undo, redo, addBox }) {
  function command(key, shift) {
    if (key === "Z" && !shift) return undo;
    return (key === "Z" && shift) || key === "Y" ? redo : null;
  }

  function nudge([across, down], far) {
    const { box } = sheet;
    const by = far ? FAR : 1;
    sheet.set(
      sheet.withBox(sheet.fitInside({ ...box, x: box.x + across * by, y: box.y + down * by })),
      `nudge ${box.id}`,
    );
  }

  /* What a key does to the chosen box. */
  function toBox({ key, shiftKey, target }) {
    if (!sheet.box) return null;
    // Radios, sliders, menus and the filmstrip have their own use for arrows.
    if (ARROWS[key])
      return target.closest?.("input, .menu-body, #frames, .seam")
        ? null
        : () => nudge(ARROWS[key], shiftKey);
    if (key === "Delete" || key === "Backspace") return () => panel.remove(sheet.selected);
    return key === "Escape" ? () => sheet.select(null) : null;
  }

  function meaning(event) {
    const key = event.key.toUpperCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const does = command(key, event.shiftKey);
      if (does) return does;
    }
    // On some keyboards brackets need AltGr, which is Ctrl and Alt at once.
    if (sheet.editable && (key === "[" || key === "]")) return () => panel.grow(key === "]" ? 5 : -5);
    if (event.ctrlKey || event.altKey || event.metaKey || !sheet.editable) return null;
    if (key === "A" && !event.shiftKey) return addBox;
    if (MODES[key] && !event.shiftKey) return () => panel.setMode(MODES[key]);
    return toBox(event);
  }

  bindToolKeys(meaning);
}
