/* The editor's page: brings the stage, the strip, the uploads and the keys together.
 *
 * The server's fragments are the truth. #picture says what the stage shows, #photo which photo is
 * open, #task how its work goes; after each swap they are read anew. A tool with a module of its own
 * (erase.js) imports the stage from here; the stage says "placed" once another picture lies on it. Where the
 * picture is a cutout whose finish can still be changed, the cutout's own module makes what lies there
 * (finished.load). */

import { restoreDeleted } from "../core/restore.js";
import { say } from "../core/toasts.js";
import { phrase } from "../core/words.js";
import { startMultiSelect } from "../filmstrip/multi-select.js";
import { Strip } from "../filmstrip/strip.js";
import { Compare } from "../stage/compare.js";
import { BoardLayer, PhotoLayer } from "../stage/layers.js";
import { Picture } from "../stage/picture.js";
import { Stage } from "../stage/stage.js";
import { StandIn } from "../stage/stand-in.js";
import { startToolbar } from "../stage/toolbar.js";
import { Uploads } from "../uploads/uploads.js";
import { startSheet } from "./bottom-sheet.js";
import { place as address, followHistory } from "./browser-history.js";
import { bindKeys } from "./keys.js";
import { followPicture } from "./options-of-picture.js";

const find = (id) => document.getElementById(id);
const desk = find("desk");
const section = find("stage");
const stage = new Stage(section);
stage.add(new BoardLayer());
const photo = stage.add(new PhotoLayer());
const compare = new Compare(stage, photo);
const strip = new Strip(find("strip"));
const standIn = new StandIn(stage, strip);
const uploads = new Uploads({ desk, options: find("options"), strip });
const made = followPicture(/** @type {HTMLFormElement} */ (find("options")));
intake.to((files) => uploads.add(files)); // see intake.js, which came before all modules

// -- What is on the stage --------------------------------------------------------------------------

/** @type {{ load: ((data: DOMStringMap, signal: AbortSignal) => Promise<Drawn>) | null }} */
const finished = { load: null };
/** @type {Promise<void>} */
const scripts = new Promise((done) => {
  // The tool's own script comes after this one, and both before this event.
  document.addEventListener("DOMContentLoaded", () => done(), { once: true });
  if (document.readyState === "complete") done();
});

const shown = { photo: null, before: "", after: "" };
let loading = new AbortController();
const PATIENCE = 160; // ms

async function showPicture() {
  const data = { ...find("picture").dataset };
  const { photo: id = "", before = "", name = "" } = data;
  // Of a cutout it counts which one it is: its finish may change on the stage, and comes from there.
  const after = data.cutout || data.after || "";
  if (id === shown.photo && before === shown.before && after === shown.after) return;
  const same = id === shown.photo;
  if (same && before && !shown.before) strip.poll(); // it can be shown now, in the strip too
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  const keepBefore = same && before === shown.before && photo.before;
  Object.assign(shown, { photo: id, before, after });
  // The last photo may stand until the next is decoded, but no longer than an eye takes it for that.
  const clear = setTimeout(
    () => {
      if (same) return;
      empty();
      if (id) standIn.show(id); // an empty desk waits for nothing
    },
    id ? PATIENCE : 0,
  );
  signal.addEventListener("abort", () => {
    clearTimeout(clear);
    standIn.hide();
  });
  section.classList.remove("undrawn");
  if (!id) return;
  const [beforePicture, afterPicture] = await Promise.all([
    keepBefore ? photo.before : load(before, signal),
    data.cutout ? loadFinished(data, signal) : load(after, signal),
  ]);
  if (signal.aborted) {
    if (afterPicture !== photo.after) afterPicture?.dispose();
    if (!keepBefore) beforePicture?.dispose();
    return;
  }
  clearTimeout(clear);
  standIn.hide();
  if (photo.before !== beforePicture) photo.before?.dispose();
  if (photo.after !== afterPicture) photo.after?.dispose();
  place(beforePicture, afterPicture, name);
}

function empty() {
  photo.dispose();
  stage.setWorld(null);
  section.classList.remove("live");
  stage.dispatchEvent(new Event("placed"));
}

/**
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function load(address, signal) {
  if (!address) return null;
  try {
    return await Picture.load(address, signal);
  } catch {
    return null; // the page's own <img> stays, with its words
  }
}

/**
 * @param {DOMStringMap} data
 * @param {AbortSignal} signal
 */
async function loadFinished(data, signal) {
  await scripts;
  try {
    return finished.load ? await finished.load(data, signal) : await load(data.after, signal);
  } catch {
    return load(data.after, signal);
  }
}

/** @param {string} name */
function place(before, after, name) {
  const { width, height, afterWidth, afterHeight, aligned } = find("picture").dataset;
  photo.before = before;
  photo.after = after;
  photo.aligned = after?.aligned ?? aligned !== undefined;
  section.classList.toggle("undrawn", !before && !after);
  if (!before && !after) {
    empty();
    return;
  }
  let world = after && !photo.aligned ? [afterWidth, afterHeight] : [width, height];
  if (after?.aligned !== undefined) world = [after.width, after.height];
  stage.setWorld({
    width: Number(world[0]) || (after || before).width,
    height: Number(world[1]) || (after || before).height,
  });
  stage.canvas.setAttribute("aria-label", after ? `${name}, ${find("picture").dataset.done}` : name);
  section.classList.add("live");
  compare.refresh();
  stage.dispatchEvent(new Event("placed"));
}

// -- What the page says about it -------------------------------------------------------------------

let announced = "";
let opened = null;

function read() {
  const { photo: id = "", name = "", href = desk.dataset.empty } = find("photo").dataset;
  if (id !== opened) strip.show(id);
  // Another tool is taken up with the photo that is open now.
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (desk.querySelectorAll("a.tool")))
    link.href = new URL(href, location.href).pathname + new URL(link.href).search;
  opened = id;
  document.title = [...(name ? [name] : []), desk.dataset.label, "Sweep"].join(" · ");
  const word = (find("progress") || find("task")).dataset.word || "";
  if (`${id} ${word}` !== announced) {
    announced = `${id} ${word}`;
    find("announcer").textContent = word ? `${name}: ${word}` : "";
  }
  made.read();
  showPicture();
}

// An answer about the last photo must not be put onto this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "photo") return;
  for (const id of ["progress", "start"]) if (find(id)) htmx.trigger(find(id), "htmx:abort");
});

// The card that an answer is meant for may have gone with its photo meanwhile.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const meant = event.detail.xhr.getResponseHeader("HX-Retarget");
  if (meant && !document.querySelector(meant)) event.preventDefault();
});

// What had the focus may be swapped away: it goes to the card, which says what happened.
let focused = false;
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig } }) => {
  const sent = requestConfig.verb !== "get" && requestConfig.elt.closest("#photo"); // from a menu that has closed
  focused ||= Boolean(sent || document.activeElement?.closest("#photo"));
});

function keepFocus() {
  if (focused && (document.activeElement === document.body || document.activeElement === null)) {
    find("task").focus({ preventScroll: true });
  }
  focused = false;
}

let reading = 0;
const readSoon = () => {
  if (!reading)
    reading = requestAnimationFrame(() => {
      reading = 0;
      read();
      keepFocus();
    });
};
document.addEventListener("htmx:afterSwap", readSoon);
document.addEventListener("htmx:oobAfterSwap", readSoon);
document.addEventListener("htmx:afterRequest", (event) => {
  // Ordered, cancelled, put away, deleted: the strip shows it at once.
  if (event.detail.requestConfig.verb !== "get" && event.detail.successful) strip.poll();
});

// The photo was deleted in another window: say so instead of asking for ever.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 404 || event.target.id !== "progress") return;
  const card = document.createElement("div");
  card.className = "status bad";
  const text = document.createElement("p");
  text.textContent = gettext("This photo was deleted, here or in another window. Choose another one below.");
  card.append(text);
  find("task").replaceChildren(card);
  find("task").removeAttribute("data-under-way");
  find("working").hidden = true;
  find("results").replaceChildren();
  strip.poll();
});

// -- Which photo is open -----------------------------------------------------------------------------

/* Put what an address shows onto the page. False where it is gone. */
let missing = false;
/** @param {string} address */
async function show(address) {
  missing = false;
  const source = find("frames"); // a later one overtakes it, as a click on a frame would
  try {
    await htmx.ajax("GET", address, { source, target: "#photo", swap: "outerHTML", push: "false" });
  } catch {
    /* overtaken, or out of reach: connection.js and page.js say the latter */
  }
  return !missing;
}

/* The strip knows of work that this page did not ask for, as with another tool or in another window: what
 * is said of the open photo follows it. */
let caught = "";
strip.addEventListener("change", () => {
  const { photo: id } = find("photo").dataset;
  const { openKey } = strip;
  const { work } = find("results").dataset;
  if (!id || !openKey.startsWith(`${id} `) || openKey === `${id} ${work}` || openKey === caught) return;
  if (find("progress")?.matches("[data-poll]") || !find("working").hidden) return;
  caught = openKey;
  show(address());
});

function onLost() {
  say(gettext("That photo was deleted. Here is another one."));
  open(desk.dataset.empty, { instead: true });
}

/* The address of the newest photo becomes that photo's own, so that one can come back to it once there are
 * newer ones. */
function rename(asked) {
  const { href } = find("photo").dataset;
  const { pathname, search } = new URL(asked, location.href);
  return href && pathname === new URL(desk.dataset.empty, location.href).pathname ? href + search : asked;
}

history.replaceState(history.state, "", rename(address()));

const { go: open } = followHistory({ show, onLost, run: () => strip.run, rename });

document.addEventListener(
  "htmx:responseError",
  (event) => {
    if (event.detail.xhr.status !== 404 || event.target !== find("frames")) return;
    missing = true;
    event.stopImmediatePropagation(); // it is said here what that means
  },
  true,
);

// An address may lead to what another tool made: its page has other options and scripts.
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  const tool = target.id === "photo" && detail.xhr.getResponseHeader("X-Tool");
  if (!tool || tool === desk.dataset.tool) return;
  detail.shouldSwap = false;
  location.assign(detail.pathInfo.finalRequestPath);
});

// -- Many photos at once --------------------------------------------------------------------------

/* Photos left the desk, or came back: what is open is one that is there. */
function openRemaining(wanted = "") {
  const { photo: id = "", href } = find("photo").dataset;
  if (wanted && wanted !== id) {
    open(desk.dataset.photo.replace(/[0-9a-f-]{36}/, wanted));
  } else if (!id ? strip.total : strip.openKey === "" && href) {
    open(desk.dataset.empty, { instead: true });
  }
}
startMultiSelect({ strip, onGone: openRemaining });
startSheet(desk);

document.addEventListener("desk:deleted", ({ detail: { sentence, moment, photo: id } }) => {
  say(sentence, {
    action: [
      gettext("Undo"),
      async () => {
        if (!(await restoreDeleted(desk.dataset.restore, moment))) return;
        await strip.poll();
        openRemaining(id);
      },
    ],
  });
});

// -- Uploads ---------------------------------------------------------------------------------------

uploads.addEventListener(
  "started",
  async (/** @type {CustomEvent<{ file: File }>} */ { detail: { file } }) => {
    if (find("photo").dataset.photo) return; // something else is on the stage: leave it
    showWorking(phrase(gettext("Uploading %(name)s"), { name: file.name }));
    const picture = await Picture.load(file).catch(() => null);
    if (!picture || find("photo").dataset.photo) {
      picture?.dispose();
      return;
    }
    find("picture").replaceChildren();
    place(picture, null, file.name);
  },
);

uploads.addEventListener(
  "progress",
  (/** @type {CustomEvent<{ percent: number }>} */ { detail: { percent } }) => {
    const bar = find("working").querySelector("progress");
    if (!find("photo").dataset.photo && bar) bar.value = percent;
  },
);

let choice = 0;
document.addEventListener("click", (event) => {
  if (event.target.closest("#frames a")) choice = performance.now();
});
let began = 0;
uploads.addEventListener("started", () => {
  began = performance.now();
});
uploads.addEventListener(
  "arrived",
  (/** @type {CustomEvent<{ url: string, first: boolean }>} */ { detail: { url, first } }) => {
    // The first of a batch comes up, unless somebody has opened another since.
    const empty = !find("photo").dataset.photo;
    if (empty || (first && choice < began)) open(url, { instead: empty });
  },
);
uploads.addEventListener("emptied", () => {
  strip.poll(); // photos that wait for their marks have no task to be polled for
  if (find("photo").dataset.photo || strip.total) return;
  open(desk.dataset.empty, { instead: true }); // nothing came of it: the invitation again
});

/** @param {string} text */
function showWorking(text) {
  const overlay = find("working");
  const words = document.createElement("p");
  words.textContent = text;
  const bar = document.createElement("progress");
  bar.max = 100;
  overlay.replaceChildren(words, bar);
  overlay.hidden = false;
}

// -- The toolbar and the keys ----------------------------------------------------------------------

const views = startToolbar({ stage, photo, compare });

function shortcuts() {
  /** @type {HTMLDialogElement} */ (find("shortcuts")).showModal();
}
desk.ownerDocument.querySelector("[data-shortcuts]")?.addEventListener("click", shortcuts);
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function downloadMenu() {
  /** @type {HTMLDetailsElement} */
  const menu = find("results").querySelector(".split-button .menu");
  if (!menu) return;
  menu.open = true;
  menu.querySelector("a").focus();
}

const far = 60;
bindKeys(
  {
    ArrowLeft: ({ repeat }) => strip.step(-1, repeat),
    ArrowRight: ({ repeat }) => strip.step(1, repeat),
    "Shift+ArrowLeft": () => stage.pan(far, 0),
    "Shift+ArrowRight": () => stage.pan(-far, 0),
    "Shift+ArrowUp": () => stage.pan(0, far),
    "Shift+ArrowDown": () => stage.pan(0, -far),
    "+": views.in,
    "=": views.in,
    "-": views.out,
    0: views.fit,
    1: views.actual,
    C: views.compare,
    B: views.board,
    U: () => find("picker").click(),
    "Shift+D": () => find("download")?.click(),
    D: downloadMenu,
    Delete: () => /** @type {HTMLFormElement} */ (find("delete-photo"))?.requestSubmit(),
    "?": shortcuts,
  },
  {
    "\\": (down) => compare.hold(down),
    " ": (down) => {
      stage.panning = down;
      stage.canvas.classList.toggle("panning", down);
    },
  },
);

read();

export { compare, finished, made, photo, stage };
