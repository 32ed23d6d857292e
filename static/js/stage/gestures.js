/* Fingers, mouse, pen and wheel on the stage's canvas, turned into moves of its view.
 *
 * bindGestures(stage): drag pans; two fingers pinch and pan; the wheel zooms at the pointer (also as a
 * trackpad's pinch), sideways it pans; a double click changes between fit and actual size there.
 * A layer that takes a press or a wheel (layers.js) has it to itself, unless stage.panning (Space) is on. */
const LINE = 16; // pixels of one wheel "line"

/** @param {Stage} stage */
export function bindGestures(stage) {
  const { canvas, view } = stage;
  const pointers = new Map();
  let taker = null;
  let pincher = null; // the layer that two fingers move, rather than the view
  let taken = false; // by a layer: two dabs of a brush are no double click

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * view.ratio, y: (event.clientY - box.top) * view.ratio };
  };
  const gesture = (type, event) => {
    const passed = type === "move" ? event.getCoalescedEvents?.() || [] : [];
    const path = (passed.length ? passed : [event]).map((one) => view.toWorld(place(one)));
    return { type, event, path, point: path.at(-1) };
  };
  /** @param {{ x: number, y: number }[]} points of two fingers */
  const spread = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
  const middle = (points) => ({
    x: points.reduce((sum, one) => sum + one.x, 0) / points.length,
    y: points.reduce((sum, one) => sum + one.y, 0) / points.length,
  });

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 1 || stage.empty) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 1 && event.button === 0 && !stage.panning) {
      const down = gesture("down", event);
      taker = stage.layers.findLast((layer) => layer.pointer?.(down, stage)) || null;
      taken = taker !== null;
    } else if (taker) {
      taker.pointer(gesture("cancel", event), stage); // a second finger: they want to pinch
      pincher = taker.pinch ? taker : null;
      taker = null;
    }
    if (!taker && !pincher) canvas.classList.add("dragging");
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, place(event)); // also for a layer's: a second finger pinches from here
    if (taker) {
      taker.pointer(gesture("move", event), stage);
      return;
    }
    const after = [...pointers.values()];
    const from = middle(before);
    const to = middle(after);
    if (pincher) {
      const by = spread(before) > 0 ? spread(after) / spread(before) : 1;
      if (after.length === 2) pincher.pinch({ by, from: view.toWorld(from), to: view.toWorld(to) }, stage);
      return;
    }
    view.panBy(to.x - from.x, to.y - from.y);
    if (after.length === 2 && spread(before) > 0)
      view.zoomTo(view.scale * (spread(after) / spread(before)), to);
    stage.invalidate();
  });

  const release = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (taker) taker.pointer(gesture(event.type === "pointerup" ? "up" : "cancel", event), stage);
    taker = null;
    pincher?.pinch({ end: true }, stage);
    pincher = null;
    if (!pointers.size) canvas.classList.remove("dragging");
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);

  canvas.addEventListener(
    "wheel",
    (event) => {
      if (stage.empty) return;
      event.preventDefault(); // else ctrl and wheel would zoom the whole page
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? LINE
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? 400
            : 1;
      const delta = Math.max(-120, Math.min(120, event.deltaY * unit));
      const by = Math.exp(-delta * (event.ctrlKey ? 0.01 : 0.0022));
      if (!stage.panning && !event.shiftKey && !event.deltaX) {
        const turned = { point: view.toWorld(place(event)), by };
        if (stage.layers.findLast((layer) => layer.wheel?.(turned, stage))) return;
      }
      if (!event.ctrlKey && (event.deltaX !== 0 || event.shiftKey)) {
        view.panBy(
          -(event.deltaX || event.deltaY) * unit * view.ratio,
          -(event.deltaX ? event.deltaY : 0) * unit * view.ratio,
        );
      } else {
        view.zoomTo(view.scale * by, place(event));
      }
      stage.invalidate();
    },
    { passive: false },
  );

  canvas.addEventListener("dblclick", (event) => {
    if (stage.empty || taken) return;
    if (view.fitted) view.zoomTo(1, place(event));
    else view.fit();
    stage.invalidate();
  });
}
