/* Every way a photo comes onto the page: picked, taken, dropped (folders too), pasted.
 *
 * intake(add): calls add(files). [data-pick] and [data-camera] anywhere open the two pickers. */
export function intake(add) {
  const picker = document.getElementById("picker");
  const camera = document.getElementById("camera");
  for (const input of [picker, camera]) {
    input.addEventListener("change", () => {
      add(input.files);
      input.value = ""; // so that the same file can be chosen again
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pick]")) picker.click();
    if (event.target.closest("[data-camera]")) camera.click();
  });

  const veil = document.getElementById("veil");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const cover = (by) => {
    depth = by ? Math.max(0, depth + by) : 0;
    veil.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => { if (carriesFiles(event)) cover(1); });
  addEventListener("dragleave", (event) => { if (carriesFiles(event)) cover(-1); });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", async (event) => {
    cover(0);
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page for the file
    add(await dropped(event.dataTransfer));
  });

  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
}

/* The files of a drop, with those in its folders. The entries must be read before the first await. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return transfer.files;
  const files = [];
  for (const entry of entries) await collect(entry, files);
  return files.filter((file) => !file.name.startsWith("."));
}

async function collect(entry, files) {
  if (entry.isFile) {
    files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await collect(one, files);
  }
}
