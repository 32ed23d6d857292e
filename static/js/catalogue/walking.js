/* A photo of a run: the arrow keys lead to the one before and the one after. */
const LINKS = { ArrowLeft: "before", ArrowRight: "after" };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  // What scrolls sideways has the arrows for that.
  if (event.target.closest("input, select, textarea, .table-box")) return;
  document.getElementById(LINKS[event.key] || "")?.click();
});
