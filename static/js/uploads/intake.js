/* Every way a photo comes onto the page: picked, taken, dropped (folders too), pasted.
 *
 * A classic script in the page's head, not a module: it listens before anything can be seen, so that a
 * photo which comes while the modules are still on their way is not lost, and a dropped one does not
 * open in the page's place. window.intake.to(add): add(files) gets what has come so far, then what comes;
 * intake.pathOf(file) is where a file lay in the folder that came. [data-pick] and [data-camera] anywhere open the two pickers. */
"use strict";

(() => {
  /** @type {File[][]} */
  const waiting = [];
  /** @type {(files: File[]) => void} */
  let add = (files) => waiting.push(files);

  /* Where files of dropped folders lie in them; what is picked says so itself. */
  /** @type {WeakMap<File, string>} */
  const paths = new WeakMap();

  window.intake = {
    pathOf: (file) => paths.get(file) || file.webkitRelativePath || file.name,
    to(taker) {
      add = taker;
      for (const files of waiting.splice(0)) add(files);
    },
  };

  const find = (id) => document.getElementById(id);

  document.addEventListener("change", ({ target }) => {
    if (!["picker", "camera", "folder"].includes(target.id)) return;
    add([...target.files]);
    target.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-pick]")) find("picker").click();
    if (target.closest("[data-camera]")) find("camera").click();
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const cover = (by) => {
    depth = by ? Math.max(0, depth + by) : 0;
    const veil = find("veil");
    if (veil) veil.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) cover(1);
  });
  addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) cover(-1);
  });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", async (event) => {
    cover(0);
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page for the file
    const files = await filesOf(event.dataTransfer);
    add(files);
  });

  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });

  /* What systems leave in folders, and nobody means. */
  const CLUTTER = /(^|\/)(\.|thumbs\.db$|desktop\.ini$|__macosx\/|@eadir\/)/i;

  /* The files of a drop, with those in its folders. The entries must be read before the first await. */
  async function filesOf(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
    const files = [];
    for (const entry of entries) await collect(entry, files);
    return files.filter((file) => !CLUTTER.test(window.intake.pathOf(file)));
  }

  /* What cannot be read stands there empty, so that it is told of: the others come in. */
  async function collect(entry, files) {
    try {
      if (entry.isFile) {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
        paths.set(file, entry.fullPath.slice(1));
        files.push(file);
        return;
      }
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return;
        for (const one of some) await collect(one, files);
      }
    } catch {
      files.push(new File([], entry.name));
    }
  }
})();
