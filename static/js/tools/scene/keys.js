/* The keys of scenes: they come before the editor's own, and leave it those that they do not need.
 *
 * bindSceneKeys({stage, placing, toggle, compare, search}): arrows, plus and minus move and scale the product only
 * while the stage has the focus; without it they go through the photos and zoom. */
const TYPES =
  "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], [type=file], [type=button])";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
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
    if (event.target.closest?.(TYPES) || document.querySelector("dialog[open], details.menu[open]"))
      return null;
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

  // Capture: before the editor's keys, which step through the photos and zoom.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const does = meaning(event);
      if (!does) return;
      event.preventDefault();
      does();
    },
    true,
  );
}
