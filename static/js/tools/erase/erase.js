/* The eraser on the editor's page: marks on the stage, in the panel and by keys, kept and sent.
 *
 * #picture says whether marks are made now (data-marks: by what they are kept) and whether they wait
 * for a task (data-locked). The marks stay here until "Erase" is pressed; then the form gets boxes
 * as JSON, or, once anything is painted, a mask file, as its fields ask for. */

import { oncePerFrame } from "../../core/once-per-frame.js";
import { say } from "../../core/toasts.js";
import { phrase } from "../../core/words.js";
import { photo, stage } from "../../desk/desk.js";
import { PaintLayer } from "./brush.js";
import { bindEraseKeys } from "./keys.js";
import { area, MOST_BOXES, MOST_SHARE, NOTHING, newId, Sheet } from "./marks.js";
import { MaskRefused, picturesOf, readMask, writeMask } from "./mask-file.js";
import { Panel, sentence } from "./panel.js";
import { RectanglesLayer } from "./rectangles.js";
import { load, save } from "./store.js";

const NOTHING_MARKED = gettext("Nothing is marked yet. Draw a box, or paint over what should go.");

const find = (id) => document.getElementById(id);
const picture = () => find("picture").dataset;
const form = /** @type {HTMLFormElement} */ (find("options"));
const sheet = new Sheet();
const paint = stage.add(new PaintLayer(sheet));
const rectangles = stage.add(new RectanglesLayer(sheet, tooMany));
const panel = new Panel(sheet, { share, add: addBox });
sheet.addEventListener("change", () => stage.invalidate());

function tooMany() {
  say(
    phrase(gettext("%(count)s boxes are the most. Delete one, or paint over the rest with the brush."), {
      count: MOST_BOXES,
    }),
  );
}

function share() {
  const { marks, live, size } = sheet;
  if (!marks.paint.length && !live) return area(marks.boxes) / (size.width * size.height);
  return paint.share();
}

/* A box in the middle of what is seen, for whoever has no pointer. */
function addBox() {
  if (!sheet.editable) return;
  if (sheet.marks.boxes.length >= MOST_BOXES) {
    tooMany();
    return;
  }
  panel.setMode("box");
  const { view } = stage;
  const middle = view.toWorld({ x: view.width / 2, y: view.height / 2 });
  const side = Math.round(
    Math.min(sheet.size.width, sheet.size.height, view.width / view.scale, view.height / view.scale) / 5,
  );
  const step = (sheet.marks.boxes.length % 5) * (side / 5); // else one would hide the last
  const box = sheet.fitInside({
    id: newId(),
    x: middle.x - side / 2 + step,
    y: middle.y - side / 2 + step,
    width: side,
    height: side,
  });
  sheet.selected = box.id;
  sheet.set(sheet.withBox(box));
}

// -- Which marks are on the stage ----------------------------------------------------------------

let placed = "";
let wanted = "";
const sight = () => [picture().photo, picture().before, picture().after].join(" ");

async function read() {
  const { marks: key = "", locked } = picture();
  const there = key && placed === sight() && !stage.empty;
  wanted = there ? key : "";
  sheet.locked = locked !== undefined;
  if (!there) {
    sheet.close();
  } else if (sheet.key === key) {
    sheet.noteChange();
  } else {
    await show(key);
  }
  dress();
}

async function show(key) {
  const { width, height } = stage.view.world;
  const marks = (!sheet.knows(key) && (await load(key))) || NOTHING;
  const pictures = await picturesOf(marks).catch(() => null);
  if (wanted !== key) return; // somebody went on meanwhile
  for (const [blob, one] of pictures || []) paint.pictures.set(blob, one);
  sheet.open(key, { width, height }, pictures ? marks : NOTHING);
  panel.refitBrush();
  form.closest(".panel").scrollTop = 0;
}

stage.addEventListener("placed", () => {
  placed = sight();
  read();
});
const readSoon = oncePerFrame(read);
document.addEventListener("htmx:afterSwap", readSoon);
document.addEventListener("htmx:oobAfterSwap", readSoon);

// At once: a page that is left does not wait for what was put off.
sheet.addEventListener("settle", () => save(sheet.key, sheet.marks));

// -- The pointer over the stage, and the buttons under it ------------------------------------------

stage.canvas.addEventListener("pointermove", (event) => {
  if (event.pointerType !== "mouse" || !sheet.editable) return;
  const box = stage.canvas.getBoundingClientRect();
  const { ratio } = stage.view;
  const point = stage.view.toWorld({
    x: (event.clientX - box.left) * ratio,
    y: (event.clientY - box.top) * ratio,
  });
  sheet.hover = point;
  if (sheet.mode !== "box") stage.invalidate();
  else if (!event.buttons) stage.canvas.style.cursor = stage.panning ? "" : rectangles.cursorAt(point, stage);
});
stage.canvas.addEventListener("pointerleave", () => {
  sheet.hover = null;
  stage.invalidate();
});

/** @type {Record<string, HTMLButtonElement>} */
const buttons = Object.fromEntries(
  [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-mark]"))].map((one) => [
    one.dataset.mark,
    one,
  ]),
);

/* One step back in the marks; from a result, back to the marks that it was made by. */
function undo() {
  if (sheet.shown) {
    if (sheet.editable) sheet.undo();
  } else {
    find("change-marks")?.click();
  }
}
function redo() {
  if (sheet.editable) sheet.redo();
}
buttons.undo.addEventListener("click", undo);
buttons.redo.addEventListener("click", redo);

function dress() {
  const { canvas } = stage;
  canvas.classList.toggle("marking", sheet.editable);
  canvas.classList.toggle("painting", sheet.editable && sheet.mode !== "box");
  if (!sheet.editable || sheet.mode !== "box") canvas.style.cursor = "";
  buttons.undo.disabled = sheet.shown
    ? !sheet.editable || !sheet.history.steps.canUndo
    : !find("change-marks");
  buttons.redo.disabled = !sheet.editable || !sheet.history.steps.canRedo;
  const seen = Boolean(photo.after);
  for (const view of ["compare", "before"]) document.querySelector(`[data-view="${view}"]`).hidden = !seen;
}
sheet.addEventListener("change", dress);
stage.addEventListener("placed", dress);

bindEraseKeys({ sheet, panel, undo, redo, addBox });

// -- Masks in and out ------------------------------------------------------------------------------

const picker = /** @type {HTMLInputElement} */ (find("mask-picker"));
find("import-mask").addEventListener("click", () => picker.click());
picker.addEventListener("change", async () => {
  const [file] = picker.files;
  picker.value = "";
  if (!file || !sheet.editable) return;
  const { key } = sheet;
  try {
    const blob = await readMask(file, sheet.size);
    paint.pictures.set(blob, await createImageBitmap(blob));
    if (sheet.key === key)
      sheet.set({ ...sheet.marks, paint: [...sheet.marks.paint, { kind: "mask", blob }] });
  } catch (problem) {
    if (!(problem instanceof MaskRefused)) throw problem;
    say(problem.message);
  }
});

find("export-mask").addEventListener("click", async () => {
  if (!sheet.shown || sheet.empty) {
    say(NOTHING_MARKED);
    return;
  }
  const { file } = await writeMask(sheet, "mark");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${find("photo").dataset.name.replace(/\.\w+$/, "")}-mask.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});

find("clear-marks").addEventListener("click", () => {
  if (!sheet.editable) return;
  sheet.selected = null;
  sheet.set(NOTHING);
});

// -- Sending ---------------------------------------------------------------------------------------

/* Fill the form's own fields with the marks. Returns why not, or "". */
async function fill() {
  const { boxes, paint: painted } = sheet.marks;
  form.elements.rectangles.value = "";
  form.elements.mask.value = form.elements.avoid.value = "";
  if (!boxes.length && !painted.some((one) => one.mode !== "avoid")) return NOTHING_MARKED;
  if (painted.length) {
    const avoid = await writeMask(sheet, "avoid");
    if (avoid.share) give(form.elements.avoid, avoid.file);
  }
  if (!painted.some((one) => one.kind !== "stroke" || one.mode === "mark")) {
    const part = area(boxes) / (sheet.size.width * sheet.size.height);
    form.elements.rectangles.value = JSON.stringify(
      boxes.map(({ x, y, width, height }) => ({ x, y, width, height })),
    );
    return part > MOST_SHARE ? sentence(part) : "";
  }
  const mask = await writeMask(sheet, "mark");
  if (!mask.share) return NOTHING_MARKED; // all of it was rubbed out again
  if (mask.share > MOST_SHARE) return sentence(mask.share);
  give(form.elements.mask, mask.file);
  return "";
}

/** @param {File} file */
function give(field, file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  field.files = transfer.files;
}

let filling = false;
document.addEventListener("htmx:confirm", async (event) => {
  if (event.detail.elt.id !== "start") return;
  event.preventDefault();
  if (filling) return;
  if (!sheet.editable) {
    say(gettext("The photo is still on its way. Mark it once it is shown."));
    return;
  }
  filling = true;
  try {
    const problem = await fill();
    if (problem) say(problem);
    else event.detail.issueRequest(true);
  } finally {
    filling = false;
  }
});

// The picture may have been there before this module was.
if (!stage.empty) placed = sight();
read();
