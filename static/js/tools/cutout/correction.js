/* Correcting a cutout: a brush that keeps, one that removes, one that lets the ground through, a click that fills or
 * opens what is enclosed, and each stroke back again.
 *
 * What is painted shows at once (local-answer.js). All strokes of a result are sent with every new one, a row of
 * them together, and the server makes a result of them; the same strokes lead to the same result, so undo and
 * redo cost no work. What the engine makes of them takes the place of what was painted as soon as it is known
 * (patches.js); the result's file follows. What was painted meanwhile goes with the next, which overtakes that
 * file. The server's fragments are the truth: #retouch says which result is on the stage, #strokes what made it. */

import { oncePerFrame } from "../../core/once-per-frame.js";
import { History } from "../../core/undo-history.js";
import { phrase } from "../../core/words.js";
import { compare, photo as shownPhoto, stage } from "../../desk/desk.js";
import { ARROWS, bindToolKeys } from "../../desk/keys.js";
import * as finishing from "./finish/finishing.js";
import { LocalAnswer } from "./local-answer.js";
import { StrokesLayer } from "./strokes.js";

const PAUSE = 80; // ms after a stroke, for one that follows on its heels
const PATIENCE = 1500; // ms for what the engine makes of strokes: those that come meanwhile go together
const OFTEN = 400; // ms between two looks at a correction …
const SOON = 3000; // … for so many ms

const find = (id) => document.getElementById(id);
/** @type {(name: string) => HTMLInputElement} */
const part = (name) => find("retouch")?.querySelector(`[data-retouch="${name}"]`);
/** @type {Record<string, HTMLButtonElement>} */
const buttons = Object.fromEntries(
  [
    .../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("#toolbar [data-retouch]")),
  ].map((one) => [one.dataset.retouch, one]),
);
/* How the photo lies on the stage: under its finish, or as it is. */
const AS_IT_IS = { scale: 1, toPhoto: (point) => point, toWorld: (point) => point };
function lie() {
  const picture = finishing.pictureInView();
  if (!picture) return AS_IT_IS;
  return {
    scale: picture.placement.scale,
    toPhoto: (point) => picture.toPhoto(point),
    toWorld: (point) => picture.toCanvas(point),
  };
}
const layer = stage.add(new StrokesLayer(lie));
const MODES = { keep: "K", remove: "R", region: "F", through: "T" };

/* A click fills where the cutout is more ground than subject. */
layer.fills = ([x, y]) => {
  const { copy, size } = finishing.pictureInView();
  const row = Math.floor((y * copy.height) / size.height);
  const column = Math.floor((x * copy.width) / size.width);
  return (copy.pixels.data[4 * (row * copy.width + column) + 3] ?? 0) < 128;
};

/* Of the photo that is open: what is wanted, and what was before. */
let photo = "";
let strokes = [];
let steps = new History(strokes);
let size = 35;
let unseamed = false;
let sending = false;
let again = false;
let waiting = 0;
/** @type {LocalAnswer | null} */
let answer = null;
/* The strokes that the cutout on the stage heeds, and what its copy is called with which. */
let heeds = [];
let names = new Map();
let asking = 0;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
/* What a click means is read off the picture in view. */
const usable = (mode) => mode !== "region" || Boolean(finishing.pictureInView());
const paintable = () => find("retouch")?.dataset.paintable !== undefined && !stage.empty;

// -- What the page says ----------------------------------------------------------------------------

function read() {
  const section = find("retouch");
  if (!section) {
    setMode("");
    dress();
    return;
  }
  const made = JSON.parse(find("strokes").textContent);
  if (section.dataset.photo !== photo) {
    photo = section.dataset.photo;
    names = new Map();
    settle(made);
    setMode("");
  } else if (!busy() && !same(made, strokes)) {
    // Another result was picked, or what was asked for failed: from here it goes on.
    settle(made);
    answer?.show([]);
  }
  heed(made);
  layer.shown = busy() ? unheeded() : [];
  prepareAnswer();
  resize();
  dressOpacity();
  part("region")?.toggleAttribute("hidden", !usable("region"));
  setMode(paintable() && usable(layer.mode) ? layer.mode : "");
}

function settle(made) {
  strokes = made;
  steps = new History(made);
}

/* Which strokes the cutout on the stage heeds: those of the result in view, once it is this that lies there. */
function heed(made) {
  const state = finishing.pictureInView()?.copy.state;
  const { cutoutVersion = "" } = find("picture").dataset;
  if (cutoutVersion) names.set(JSON.stringify(made), cutoutVersion);
  if (!state || state === cutoutVersion) heeds = made;
}

const unheeded = () => strokes.slice(countShared(heeds, strokes));

/* The picture in view is the one that answers; of a new one, what it does not heed yet is painted once more. */
function prepareAnswer() {
  const picture = finishing.pictureInView();
  layer.answered = Boolean(picture && shownPhoto.before);
  if (!layer.answered) {
    answer = null;
  } else if (answer?.picture !== picture) {
    answer = new LocalAnswer(picture, shownPhoto.before);
    if (layer.shown.length) answer.show(layer.shown);
    if (layer.mode) answer.prepare();
    stage.invalidate();
  } else if (answer.state !== picture.copy.state) {
    answer.show(layer.shown);
    stage.invalidate();
  }
}

const busy = () => waiting || sending || again || find("task")?.dataset.underWay !== undefined;

/* How many of the first strokes two lists have in common. */
function countShared(one, other) {
  let count = 0;
  while (count < Math.min(one.length, other.length) && same(one[count], other[count])) count += 1;
  return count;
}

const readSoon = oncePerFrame(read);
stage.addEventListener("placed", readSoon);
document.addEventListener("htmx:afterSwap", readSoon);
document.addEventListener("htmx:oobAfterSwap", readSoon);

// -- The brushes -----------------------------------------------------------------------------------

function show(name, on) {
  const shown = part(name);
  if (shown) (shown.closest("label") || shown).hidden = !on;
}

function setMode(mode) {
  if (mode && !layer.mode) requestAnimationFrame(() => answer?.prepare());
  layer.mode = mode;
  if (!mode) layer.hover = null;
  for (const name of Object.keys(MODES)) part(name)?.setAttribute("aria-pressed", String(mode === name));
  show("size", mode && mode !== "region");
  show("opacity", mode === "through");
  show("help", mode === "keep" || mode === "remove");
  for (const name of ["region", "through"]) show(`help-${name}`, mode === name);
  stage.canvas.classList.toggle("retouching", Boolean(mode));
  find("retouch")?.toggleAttribute("data-on", Boolean(mode));
  // A seam across what is painted on would be in the way; it comes back with the brush put down.
  if (Boolean(mode) !== unseamed && (mode ? compare.on : true)) {
    unseamed = Boolean(mode);
    compare.toggle();
  }
  dress();
  finishing.dress();
}

/* From 3 pixels, or what is as small to a large photo, to a sixth of its longer side. */
function resize() {
  const slider = part("size");
  if (!slider || stage.empty) return;
  slider.value = String(size);
  const { width, height } = finishing.pictureInView()?.size || stage.view.world;
  const longer = Math.max(width, height);
  const [least, most] = [Math.max(3, longer / 300), longer / 6];
  layer.brush = Math.round(least * (most / least) ** (size / 100));
  slider.parentElement.querySelector("output").textContent = `${layer.brush} px`;
  slider.setAttribute("aria-valuetext", phrase(gettext("%(count)s pixels"), { count: layer.brush }));
  stage.invalidate();
}

function dressOpacity() {
  const slider = part("opacity");
  if (!slider) return;
  slider.value = String(Math.round(100 * layer.opacity));
  slider.parentElement.querySelector("output").textContent = `${slider.value} %`;
}

function grow(by) {
  size = Math.min(100, Math.max(0, size + by));
  resize();
}

document.addEventListener("click", (event) => {
  const name = event.target.closest("#retouch [data-retouch]")?.dataset.retouch;
  if (name in MODES) setMode(layer.mode === name ? "" : name);
});
document.addEventListener("input", (event) => {
  const name = event.target.dataset?.retouch;
  if (name === "size") {
    size = Number(event.target.value);
    resize();
  } else if (name === "opacity") {
    layer.opacity = Number(event.target.value) / 100;
    dressOpacity();
  }
});

stage.canvas.addEventListener("pointermove", (event) => {
  if (event.pointerType !== "mouse" || !layer.mode || layer.painting) return;
  const box = stage.canvas.getBoundingClientRect();
  const { ratio } = stage.view;
  layer.hover = stage.view.toWorld({
    x: (event.clientX - box.left) * ratio,
    y: (event.clientY - box.top) * ratio,
  });
  stage.invalidate();
});
stage.canvas.addEventListener("pointerleave", () => {
  layer.hover = null;
  stage.invalidate();
});

// -- Sending ---------------------------------------------------------------------------------------

layer.addEventListener("begin", (/** @type {CustomEvent} */ { detail }) => answer?.begin(detail));
layer.addEventListener("extend", (/** @type {CustomEvent} */ { detail }) => answer?.extend(detail));
layer.addEventListener("cancel", () => answer?.cancel());
layer.addEventListener("stroke", (/** @type {CustomEvent} */ { detail }) => {
  strokes = [...strokes, detail];
  steps.push(strokes);
  sendSoon();
});

/* Not under the hand of who paints: once a row of strokes is done. */
function sendSoon() {
  dress();
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (layer.painting) {
      sendSoon();
      return;
    }
    waiting = 0;
    send();
  }, PAUSE);
}

/* One request at a time; what came meanwhile goes with the next. */
async function send() {
  dress();
  stage.invalidate();
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  const { post } = find("retouch").dataset;
  const asked = strokes;
  try {
    await htmx.ajax("POST", post, {
      target: "#task",
      swap: "outerHTML",
      values: { strokes: JSON.stringify(asked) },
    });
    await Promise.race([layPatch(asked), new Promise((done) => setTimeout(done, PATIENCE))]);
  } finally {
    sending = false;
  }
  if (again && find("retouch")) {
    again = false;
    await send();
  }
  again = false;
  readSoon();
  ask(performance.now() + SOON);
}

/* Show what the engine makes of these strokes before their result is written. */
async function layPatch(asked) {
  const address = find("task")?.dataset.patch;
  const picture = finishing.pictureInView();
  if (!address || !picture) return;
  const patch = await picture.patches.fetch(address).catch(() => null);
  if (!patch || picture !== finishing.pictureInView() || picture.copy.state !== patch.before) return;
  picture.patches.lay(patch);
  names.set(JSON.stringify(asked), patch.after);
  heeds = asked;
  layer.shown = unheeded();
  answer?.show(layer.shown);
  stage.invalidate();
}

/* The result follows within the second: so it is asked for more often than the page does by itself, at first. */
function ask(until) {
  clearTimeout(asking);
  asking = setTimeout(() => {
    const progress = find("progress");
    if (!progress?.matches("[data-poll]") || performance.now() > until) return;
    htmx.trigger(progress, "poll");
    ask(until);
  }, OFTEN);
}

function undo() {
  go(steps.undo());
}

function redo() {
  go(steps.redo());
}

function go(wanted) {
  if (!wanted) return;
  strokes = wanted;
  const state = names.get(JSON.stringify(wanted));
  if (state && finishing.pictureInView()?.patches.to(state)) heeds = wanted;
  answer?.show(unheeded());
  clearTimeout(waiting);
  waiting = 0;
  send();
}

buttons.undo.addEventListener("click", undo);
buttons.redo.addEventListener("click", redo);

function dress() {
  // With no brush in hand, back and forward are of the finish.
  const own = Boolean(layer.mode) || !finishing.canStep();
  const there = Boolean(find("retouch")) && own && (Boolean(layer.mode) || steps.canUndo || steps.canRedo);
  for (const button of Object.values(buttons)) button.hidden = !there;
  buttons.undo.disabled = !steps.canUndo;
  buttons.redo.disabled = !steps.canRedo;
  stage.invalidate();
}

// -- Keys: before the editor's own, and only those that mean something here ---------------------------

function move([across, down], far) {
  const { view } = stage;
  const by = (far ? 4 : 1) * Math.max(1, layer.brush / 2);
  const from = layer.hover || view.toWorld({ x: view.width / 2, y: view.height / 2 });
  const within = (value, most) => Math.min(most, Math.max(0, value));
  layer.hover = {
    x: within(from.x + across * by, view.world.width),
    y: within(from.y + down * by, view.world.height),
  };
  stage.invalidate();
}

function meaning(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const { undo: back, redo: forward } = layer.mode || !finishing.canStep() ? { undo, redo } : finishing;
    if (key === "Z") return event.shiftKey ? forward : back;
    return key === "Y" ? forward : null;
  }
  if (!paintable()) return null;
  if (layer.mode && (key === "[" || key === "]")) return () => grow(key === "]" ? 5 : -5);
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const named = Object.keys(MODES).find((mode) => MODES[mode] === key);
  if (named && !event.shiftKey && usable(named)) return () => setMode(layer.mode === named ? "" : named);
  if (!layer.mode) return null;
  if (key === "Escape") return () => setMode("");
  if (ARROWS[key] && event.target === stage.canvas) return () => move(ARROWS[key], event.shiftKey);
  return key === "Enter" && event.target === stage.canvas ? () => layer.dab() : null;
}

bindToolKeys(meaning);

read();
