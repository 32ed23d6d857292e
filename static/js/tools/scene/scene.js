/* Scenes on the editor's page: the product on the stage as it is to stand, moved and scaled before
 * anything is paid for; the takes over it once there are any.
 *
 * #takes says what is over the stage (data-state: none, working, side, alone), #picture what is placed
 * (data-before). The place stays here until "Make …" is pressed; the form's hidden fields carry it. */
import { oncePerFrame } from "../../core/once-per-frame.js";
import { phrase } from "../../core/words.js";
import { made, photo, stage } from "../../desk/desk.js";
import { FloorLine } from "./floor.js";
import { bindSceneKeys } from "./keys.js";
import { ProductLayer, StandInLayer } from "./layers.js";
import { ScenePanel } from "./panel.js";
import { Placing } from "./placement.js";
import { Product } from "./product.js";

const find = (id) => document.getElementById(id);
const form = /** @type {HTMLFormElement} */ (find("options"));
const placing = new Placing(form);
const standIn = stage.add(new StandInLayer(placing));
const product = stage.add(new ProductLayer(placing));
const floor = new FloorLine(stage, placing, standIn);
const panel = new ScenePanel(form, placing);

// -- What is on the stage --------------------------------------------------------------------------

let anew = false; // the takes are put aside, to place the product for the next ones
let shown = "";

function state() {
  return find("takes")?.dataset.state || "none";
}

/* Read what the server's fragments say, and dress the stage for it. */
async function read() {
  const { key = "" } = find("takes")?.dataset || {};
  if (key !== shown) anew = false;
  shown = key;
  const { photo: id = "", before = "", stance = "" } = find("picture").dataset;
  if (photo.before && placing.product?.picture !== photo.before) {
    placing.open(`${id} ${before}`, new Product(photo.before, stance));
  } else if (!photo.before) {
    placing.close();
  }
  placing.locked = state() === "working";
  dress();
}

function dress() {
  const arranging = Boolean(placing.product) && (anew || state() === "none");
  const changed = placing.arranging !== arranging;
  placing.arranging = arranging;
  photo.hidden = arranging || state() === "side" || state() === "working";
  stage.section.classList.toggle("arranging", arranging);
  stage.canvas.classList.toggle("placing", placing.editable);
  if (arranging) {
    stage.setWorld(placing.frame);
    stage.canvas.setAttribute("aria-label", describe());
  } else if (changed && photo.after) {
    stage.setWorld(photo.after);
  }
  buttons.undo.disabled = !placing.editable || !placing.history.canUndo;
  buttons.redo.disabled = !placing.editable || !placing.history.canRedo;
  buttons.takes.hidden = !(anew && state() !== "none");
  floor.show(arranging && placing.way === "photo" && Boolean(standIn.backdrop));
  stage.invalidate();
}

function describe() {
  const { name = "" } = find("picture").dataset;
  if (!placing.product.seeThrough)
    return phrase(gettext("%(name)s: it is cut out first, then it stands in the scene"), { name });
  const [x, y, scale] = placing.place.map((share) => Math.round(100 * share));
  return phrase(
    gettext(
      "%(name)s, placed %(x)s percent across, %(y)s percent down, %(scale)s percent large. Arrow keys move it, plus and minus scale it.",
    ),
    { name, x, y, scale },
  );
}

/* Another choice is seen on the stage, not read about: the takes make room for it. */
function showChoice() {
  if (state() === "side" || state() === "alone") anew = true;
  dress();
}

function toggle() {
  if (!placing.product || state() === "none" || state() === "working") return;
  anew = !anew;
  dress();
  if (anew) stage.canvas.focus({ preventScroll: true });
}

placing.addEventListener("change", dress);
placing.addEventListener("change", () => made.mark());
placing.addEventListener("scene", () => {
  standIn.show(panel.scene);
  showChoice();
});
placing.addEventListener("shown", () => {
  standIn.show(panel.scene);
  dress();
});
stage.addEventListener("placed", read);
const readSoon = oncePerFrame(read);
document.addEventListener("htmx:afterSwap", readSoon);
document.addEventListener("htmx:oobAfterSwap", readSoon);

// -- The pointer, the buttons under the stage, and the keys -----------------------------------------

stage.canvas.addEventListener("pointermove", (event) => {
  if (event.pointerType !== "mouse" || event.buttons) return;
  const box = stage.canvas.getBoundingClientRect();
  const { ratio } = stage.view;
  const point = stage.view.toWorld({
    x: (event.clientX - box.left) * ratio,
    y: (event.clientY - box.top) * ratio,
  });
  stage.canvas.style.cursor = stage.panning ? "" : product.cursorAt(point, stage);
});

/** @type {Record<string, HTMLButtonElement>} */
const buttons = Object.fromEntries(
  [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-scene]"))].map((one) => [
    one.dataset.scene,
    one,
  ]),
);
buttons.undo.addEventListener("click", () => placing.undo());
buttons.redo.addEventListener("click", () => placing.redo());
buttons.takes.addEventListener("click", toggle);
document.addEventListener("click", (event) => {
  if (event.target.closest("#place-anew")) toggle();
});
bindSceneKeys({
  stage,
  placing,
  toggle,
  compare: () => find("both-takes")?.click(),
  search: () => panel.focusSearch(),
});

// A take that was ordered is on its way: what was chosen is what it shows.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "start") anew = false;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.requestConfig.elt.id === "start" && detail.successful) placing.vary();
});

panel.start();
read();
