/* Files on their way into a run: folders, photos, archives, tables, one after the other.
 *
 * One at a time, since a run numbers its photos in the order in which they come, and names hang on that; a
 * line to the studio is no slower for it. Sub-folders go along as each file's path. What was refused or lost
 * is said with its reason and may be tried again (uploads/failures.js); "Cancel" leaves what has arrived.
 * What is gathered is asked for anew now and then, and once all is there. */
import { token } from "../core/csrf.js";
import { phrase } from "../core/words.js";
import { Failures } from "../uploads/failures.js";

const PAUSE = 1500; // ms between two looks at what is gathered
const CLUTTER = /(^|\/)(\.|thumbs\.db$|desktop\.ini$|__macosx\/|@eadir\/)/i;
const MB = 2 ** 20;

const SIGNED_OUT = gettext("You were signed out. Sign in in a new tab, then press Try again.");
const LOST = gettext("The connection was lost before it arrived. Check it, then press Try again.");
const BROKEN = gettext("Something broke on our side. Press Try again in a moment.");

const find = (id) => document.getElementById(id);
const place = find("intake");
const bar = /** @type {HTMLProgressElement} */ (find("sending-bar"));
const order = new Intl.Collator(undefined, { numeric: true });

/** @typedef {{ file: File, path: string, again?: boolean }} Upload */

/** @type {Upload[]} */
let waiting = [];
/** @type {XMLHttpRequest | null} */
let request = null;
let sent = 0; // files that are through, of this batch
let loaded = 0; // bytes of those
let whole = 0;
let looked = 0;
let said = { added: 0, doubles: 0, unreadable: 0 };
const notes = new Set();
const failures = new Failures(
  (upload) => add([upload]),
  () => {},
);

addEventListener("beforeunload", (event) => {
  if (request || failures.kept) event.preventDefault();
});
find("cancel-sending").addEventListener("click", () => {
  waiting = [];
  request?.abort();
});
intake.to((files) => {
  const kept = files.map((file) => ({ file, path: intake.pathOf(file) }));
  add(kept.filter(({ path }) => !CLUTTER.test(path)));
});

const isArchive = ({ path }) => /\.zip$/i.test(path);
const isTable = ({ path }) => /\.(csv|tsv)$/i.test(path);

/* Photos in their folders' order, as people number them; tables last, which say something of photos. */
/** @param {Upload[]} uploads */
function add(uploads) {
  const sorted = uploads.toSorted((one, other) => order.compare(one.path, other.path));
  for (const upload of [...sorted.filter((one) => !isTable(one)), ...sorted.filter(isTable)]) {
    const refusal = refuse(upload.file);
    if (refusal) failures.show(upload, refusal, false);
    else {
      waiting.push(upload);
      whole += upload.file.size;
    }
  }
  if (!request) next();
}

/* What the server would say, without sending hundreds of megabytes first. */
/** @param {File} file */
function refuse(file) {
  const archive = isArchive({ path: file.name });
  const most = Number(archive ? place.dataset.maxArchive : place.dataset.maxBytes);
  if (file.size <= most) return "";
  const message = archive
    ? gettext("This file has %(size)s MB; %(most)s are taken. Drop the folder itself, or pack it in parts.")
    : gettext("This file has %(size)s MB; %(most)s are taken. Save it smaller.");
  return phrase(message, { size: Math.ceil(file.size / MB), most: most / MB });
}

function next() {
  const upload = waiting.shift();
  show(upload);
  if (!upload) return finish();
  const body = new FormData();
  body.append("path", upload.path);
  body.append("file", upload.file, upload.file.name);
  request = new XMLHttpRequest();
  request.open("POST", place.dataset.post);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.setRequestHeader("X-CSRFToken", token());
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = share(loaded + (upload.file.size * event.loaded) / event.total);
  });
  if (isArchive(upload))
    request.upload.addEventListener("load", () => {
      find("sending-name").textContent = phrase(gettext("%(name)s is unpacked …"), { name: upload.path });
    });
  request.addEventListener("load", () => settle(upload));
  request.addEventListener("error", () => fail(upload, LOST, true));
  request.addEventListener("abort", () => go(upload));
  request.send(body);
}

const share = (bytes) => (whole ? (1000 * bytes) / whole : 0);

/** @param {Upload} [upload] */
function show(upload) {
  find("sending").hidden = !upload;
  if (!upload) return;
  const total = sent + waiting.length + 1;
  find("sending-word").textContent = phrase(
    ngettext("%(sent)s of %(total)s file", "%(sent)s of %(total)s files", total),
    { sent, total },
  );
  find("sending-name").textContent = upload.path;
  bar.value = share(loaded);
}

/** @param {Upload} upload */
function settle(upload) {
  const { status } = request;
  const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  if (status === 201) {
    const came = JSON.parse(request.responseText);
    for (const name of Object.keys(said)) said[name] += came[name];
    for (const note of came.notes) notes.add(note);
    go(upload);
  } else if (status === 401 || status === 403) {
    fail(upload, plain && status === 403 ? request.responseText : SIGNED_OUT, true);
  } else if (status < 500 || status === 507) {
    fail(upload, plain ? request.responseText : BROKEN, !plain || [408, 429, 507].includes(status));
  } else {
    fail(upload, BROKEN, true);
  }
}

/** @param {Upload} upload @param {string} sentence @param {boolean} retryable */
function fail(upload, sentence, retryable) {
  failures.show(upload, sentence, retryable);
  go(upload);
}

/* On to the next: this one is through, one way or the other. */
/** @param {Upload} upload */
function go(upload) {
  request = null;
  sent += 1;
  loaded += upload.file.size;
  if (performance.now() - looked > PAUSE) look();
  next();
}

/* What is gathered so far, in the page's own words. */
function look() {
  looked = performance.now();
  htmx.ajax("get", place.dataset.gathered, { target: "#gathered", swap: "outerHTML" });
}

function finish() {
  if (!sent) return;
  const { added, doubles, unreadable } = said;
  const parts = [
    phrase(ngettext("%(count)s photo added", "%(count)s photos added", added), { count: added }),
  ];
  if (doubles)
    parts.push(
      phrase(ngettext("%(count)s duplicate left out", "%(count)s duplicates left out", doubles), {
        count: doubles,
      }),
    );
  if (unreadable) parts.push(phrase(gettext("%(count)s that cannot be read"), { count: unreadable }));
  find("announcer").textContent = `${parts.join(", ")}.`;
  const list = find("notes");
  list.hidden = notes.size === 0;
  list.replaceChildren(
    ...[...notes].map((note) => Object.assign(document.createElement("li"), { textContent: note })),
  );
  [sent, loaded, whole] = [0, 0, 0];
  said = { added: 0, doubles: 0, unreadable: 0 };
  look();
}
