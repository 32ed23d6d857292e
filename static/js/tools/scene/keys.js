/* The keys of scenes: they come before the editor's own, and leave it those that they do not need.
 *
 * bindSceneKeys({stage, placing, toggle, compare, search}): arrows, plus and minus move and scale the product only
 * while the stage has the focus; without it they go through the photos and zoom. */
import { ARROWS, bindToolKeys } from "../../desk/keys.js";

const LARGER = { "+": 1.02, "=": 1.02, "-": 1 / 1.02 };
const [NEAR, FAR] = [0.005, 0.05];

export function bindSceneKeys({ stage, placing, toggle, compare, search }) {
  function onStage({ key, shiftKey }) {
    const [x, y, scale] = placing.place;
    if (ARROWS[key]) {
      const by = shiftKey ? FAR : NEAR;
      const [across, down] = ARROWS[key];
      return () => placing.set([x + across * by, y + down * by, scale], "nudge");
    }
    if (LARGER[key]) return () => placing.set([x, y, scale * LARGER[key]], "scale");
    return key === "Escape" ? () => stage.canvas.blur() : null;
  }

  function meaning(event) {
    const key = event.key.toUpperCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      if (key === "Z" && !event.shiftKey) return () => placing.undo();
      return (key === "Z" && event.shiftKey) || key === "Y" ? () => placing.redo() : null;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return null;
    if (key === "/") return search;
    if (key === "P" && !event.shiftKey) return toggle;
    if (key === "C" && !event.shiftKey) return compare;
    if (!placing.editable) return null;
    if (key === "A" && !event.shiftKey) return () => placing.automatic();
    return document.activeElement === stage.canvas ? onStage(event) : null;
  }

  bindToolKeys(meaning);
}
