/* The finish of the cutout in view: seen on the stage as it is changed, sent once nobody moves it for a moment.
 *
 * #finish says which finish counts for the photo that is open, #picture where its cutout is to be had. While a
 * finish is changed nothing is ordered and nothing waited for: the stage draws it (finished-picture.js), and the
 * server's answer says only how far one can go back and on. "finish" is dispatched on the stage with each change. */

import { token } from "../../../core/csrf.js";
import { oncePerFrame } from "../../../core/once-per-frame.js";
import { say } from "../../../core/toasts.js";
import { phrase } from "../../../core/words.js";
import { compare, finished, photo, stage } from "../../../desk/desk.js";
import { Backdrops } from "./backdrops.js";
import { complete, DEFAULTS, isSame } from "./finish.js";
import { FinishedPicture } from "./finished-picture.js";
import { Handles } from "./handles.js";
import { Measured } from "./measured.js";
import { Panel } from "./panel.js";
import { ScreenCopy } from "./screen-copy.js";
import { Sending } from "./sending.js";

const find = (id) => document.getElementById(id);
const form = /** @type {HTMLFormElement} */ (find("finishing"));
const panel = new Panel(form);
const backdrops = new Backdrops();
/** @type {Record<string, HTMLButtonElement>} */
const buttons = Object.fromEntries(
  [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("#toolbar [data-finish]"))].map(
    (one) => [one.dataset.finish, one],
  ),
);
const handles = stage.add(new Handles(panel));
const measured = new Measured(form, panel, { post, onLost: sayLost });

/* Of the photo that is open. */
const state = {
  photo: "",
  finish: DEFAULTS,
  number: -1,
  canUndo: false,
  canRedo: false,
  /** @type {Backdrop | null} the picture behind as the studio keeps it */
  backdrop: null,
};

/** @returns {FinishedPicture | null} the cutout on the stage */
export const pictureInView = () => (photo.after instanceof FinishedPicture ? photo.after : null);

const address = (way = "") => form.dataset.action.replace(/[0-9a-f-]{36}/, state.photo) + way;

// -- What the page says ----------------------------------------------------------------------------

function read() {
  const element = find("finish");
  const { photo: id = "" } = find("photo").dataset;
  form.hidden = !element;
  form.action = id && form.dataset.action.replace(/[0-9a-f-]{36}/, id);
  if (!element) {
    state.photo = "";
    dress();
    return;
  }
  const kept = JSON.parse(element.textContent);
  // What somebody does to this photo is newer than a fragment of the page that was on its way meanwhile.
  if (id === state.photo && (sending.pending || kept.number <= state.number)) {
    dress();
    return;
  }
  if (id !== state.photo) sending.now();
  state.photo = id;
  adopt(kept);
}

/* A finish as the studio has it is the one that counts now. */
function adopt({ finish, number, can_undo, can_redo, backdrop }) {
  state.finish = complete(finish);
  state.backdrop = backdrop || null;
  heed({ number, can_undo, can_redo });
  panel.show(state.finish, state.backdrop);
  measured.dress();
  show();
}

function heed({ number, can_undo, can_redo }) {
  state.number = number;
  state.canUndo = can_undo;
  state.canRedo = can_redo;
  dress();
}

const readSoon = oncePerFrame(read);
document.addEventListener("htmx:afterSwap", readSoon);
document.addEventListener("htmx:oobAfterSwap", readSoon);
stage.addEventListener("placed", readSoon);

// -- What the stage shows ----------------------------------------------------------------------------

finished.load = async (data, signal) => {
  read();
  const { photo: id, cutout, cutoutWidth, cutoutHeight, cutoutVersion = "" } = data;
  const known = pictureInView();
  // Strokes were shown as they were worked on: what lies there is this cutout already.
  if (known && cutoutVersion && known.photo === id && known.patches.to(cutoutVersion)) return known;
  const copy = await ScreenCopy.load(cutout, signal);
  copy.state = cutoutVersion;
  const picture = new FinishedPicture(copy, { width: Number(cutoutWidth), height: Number(cutoutHeight) });
  picture.photo = id;
  picture.finish = state.finish;
  picture.backdrop = await behind();
  panel.warn(picture.placement);
  return picture;
};

/* The picture behind, as it can be drawn: null where none is meant. */
async function behind() {
  if (form.elements.background.value !== "picture") return null;
  const source = panel.backdropFile || state.backdrop?.address;
  return source ? backdrops.load(source) : null;
}

async function show() {
  const picture = pictureInView();
  if (!picture) return;
  picture.finish = state.finish;
  if (form.elements.background.value !== "picture") picture.backdrop = null;
  lay(picture);
  const backdrop = await behind();
  if (picture.backdrop === backdrop || picture !== pictureInView()) return;
  picture.backdrop = backdrop;
  lay(picture);
}

/** @param {FinishedPicture} picture */
function lay(picture) {
  stage.setWorld({ width: picture.width, height: picture.height }, true);
  photo.aligned = picture.aligned;
  panel.warn(picture.placement);
  tell(picture);
  compare.refresh();
  stage.dispatchEvent(new Event("finish"));
}

/* What will be handed over: the server's words for it are of the finish before. */
/** @param {FinishedPicture} picture */
function tell({ width, height, finish }) {
  const format = finish.format.toUpperCase();
  const words = { format, whole: `${width} × ${height} · ${format}` };
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-made]")))
    element.textContent = words[element.dataset.made];
}

/* The pointer says what a press would move. */
stage.canvas.addEventListener("pointermove", (event) => {
  if (event.buttons) return;
  const box = stage.canvas.getBoundingClientRect();
  const { ratio } = stage.view;
  const at = { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
  const part = handles.find(stage.view.toWorld(at), stage.view);
  stage.canvas.classList.toggle("turnable", part === "knob");
  stage.canvas.classList.toggle("movable", part === "product" || part === "backdrop");
});

// -- What somebody changes ------------------------------------------------------------------------

const sending = new Sending({ send, onAnswer, onLost, onChange: dress });

panel.addEventListener("change", (/** @type {CustomEvent<{ rough: boolean }>} */ { detail: { rough } }) => {
  const finish = panel.read(state.finish);
  const file = panel.backdropFile;
  const wanted = `${form.elements.background.value} ${file ? `${file.name} ${file.size}` : ""}`;
  const changed = !isSame(finish, state.finish) || wanted !== noted;
  noted = wanted;
  state.finish = finish;
  if (changed) {
    show();
    // "A picture of yours" is none yet, until one is chosen.
    const lacks = form.elements.background.value === "picture" && !file && !state.backdrop;
    if (state.photo && !lacks)
      sending.want({ photo: state.photo, address: address(), body: new FormData(form), file });
  }
  if (!rough && sending.pending) sending.now();
  dress();
});
let noted = "";

async function send({ address: to, body }) {
  return post(to, body);
}

/* The answer, or null where it was refused, with the reason said. Throws where the studio is out of reach. */
async function post(to, body = new FormData()) {
  const response = await fetch(to, {
    method: "POST",
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": token() },
    body,
    keepalive: !(body instanceof FormData && panel.backdropFile),
  });
  if (response.ok) return response.json();
  if (response.status === 401) throw new SignedOut();
  if (response.status >= 500) throw new Error(`${response.status} for ${to}`);
  const plain = (response.headers.get("Content-Type") || "").startsWith("text/plain");
  say(plain ? await response.text() : gettext("That did not work. Load the page again, then go on."));
  return null;
}

function onAnswer(answer, wish, more) {
  if (wish.photo !== state.photo) return;
  // From now on the studio has the picture behind: it needs not be sent again.
  if (answer.backdrop) {
    if (wish.file) backdrops.rename(wish.file, answer.backdrop.address);
    state.backdrop = answer.backdrop;
    if (wish.file && wish.file === panel.backdropFile) {
      form.elements.kept_backdrop.value = answer.backdrop.id;
      form.elements.backdrop.value = "";
      panel.showBackdrop(answer.backdrop);
      noted = "picture ";
    }
  }
  if (more) return;
  heed(answer);
  refreshStrip();
}

class SignedOut extends Error {}

/** @param {Error} error */
function onLost(error) {
  if (error instanceof SignedOut) {
    say(gettext("You were signed out. Sign in in a new tab: what you changed is kept here, and sent then."), {
      action: [gettext("Sign in"), document.body.dataset.signIn],
    });
    return;
  }
  say(gettext("The studio could not be reached. What you changed is kept here, and sent once it can be."));
}

/** @param {Error} error */
function sayLost(error) {
  if (error instanceof SignedOut)
    say(gettext("You were signed out. Sign in in a new tab, then try again."), {
      action: [gettext("Sign in"), document.body.dataset.signIn],
    });
  else say(gettext("The studio could not be reached. Check the connection, then try again."));
}

addEventListener("pagehide", () => {
  const wish = sending.take();
  if (wish) post(wish.address, wish.body).catch(() => {});
});

// -- Back and forward ----------------------------------------------------------------------------------

export const canStep = () => Boolean(pictureInView() && state.photo);

/** @param {"undo" | "redo"} way */
async function step(way) {
  await sending.now();
  if (sending.pending || !(way === "undo" ? state.canUndo : state.canRedo)) return;
  const { photo: id } = state;
  try {
    const answer = await post(address(`${way}/`));
    if (answer && id === state.photo && !sending.pending) adopt(answer);
  } catch {
    say(gettext("The studio could not be reached. Check the connection, then try again."));
  }
}

export const undo = () => step("undo");
export const redo = () => step("redo");
buttons.undo.addEventListener("click", undo);
buttons.redo.addEventListener("click", redo);

const brushing = () => find("retouch")?.dataset.on !== undefined;

export function dress() {
  const there = canStep() && !brushing();
  for (const button of Object.values(buttons)) button.hidden = !there;
  form.toggleAttribute("data-pending", sending.pending);
  buttons.undo.disabled = !state.canUndo && !sending.pending;
  buttons.redo.disabled = !state.canRedo;
  measured.dress();
  handles.picture = there ? pictureInView() : null;
  if (pictureInView()) tell(pictureInView()); // a fragment that came meanwhile has the words of before
  handles.unfolded = panel.isOpen("place");
  stage.invalidate();
}
panel.addEventListener("unfold", dress);

// -- What leaves has the newest finish -------------------------------------------------------------------

document.addEventListener(
  "click",
  async (event) => {
    const link = event.target.closest("#download, .download-menu :is(a, button)");
    if (!link || !sending.pending) return;
    event.preventDefault();
    event.stopPropagation();
    await sending.now();
    if (!sending.pending) link.click();
    else
      say(gettext("The studio could not be reached, so the file would be as before. Try again in a moment."));
  },
  true,
);

// -- The same for many ---------------------------------------------------------------------------------

document.addEventListener(
  "chosen:finish",
  async (/** @type {CustomEvent} */ { detail: { photos, address: to } }) => {
    await sending.now();
    if (sending.pending || !state.photo) return;
    const body = new FormData();
    body.set("photos", photos.join(","));
    body.set("from", state.photo);
    try {
      const answer = await post(to, body);
      if (!answer) return;
      refreshStrip();
      say(
        answer.sentence,
        answer.photos.length ? { action: [gettext("Undo"), () => takeBack(answer.photos)] } : {},
      );
    } catch {
      say(
        gettext(
          "The studio could not be reached. Nothing was changed. Check the connection, then try again.",
        ),
      );
    }
  },
);

/* The strip shows pictures as their finishes make them. */
const refreshStrip = () => document.dispatchEvent(new CustomEvent("poll"));

/** @param {string[]} photos */
async function takeBack(photos) {
  try {
    for (const id of photos) {
      const answer = await post(`${form.dataset.action.replace(/[0-9a-f-]{36}/, id)}undo/`);
      if (answer && id === state.photo) adopt(answer);
    }
    refreshStrip();
    say(
      photos.length === 1
        ? gettext("One photo has the finish it had.")
        : phrase(gettext("%(count)s photos have the finish they had."), { count: photos.length }),
    );
  } catch {
    say(gettext("The studio could not be reached. Check the connection, then try again."));
  }
}

read();
