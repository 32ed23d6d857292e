/* Marks that survive a reload: kept in this browser, by the picture that they lie on.
 *
 * load(key) → marks or null; save(key, marks). Without a database (private windows) nothing is kept,
 * and nothing fails. What nobody touched for a month goes. */
const MONTH = 30 * 24 * 3600 * 1000;

let opened = null;

function database() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open("sweep-marks", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("marks").createIndex("saved", "saved");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function use(mode, does) {
  const store = (await database()).transaction("marks", mode).objectStore("marks");
  return new Promise((resolve, reject) => {
    const request = does(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function load(key) {
  try {
    const kept = await use("readonly", (store) => store.get(key));
    return kept ? kept.marks : null;
  } catch {
    return null;
  }
}

export async function save(key, marks) {
  try {
    if (marks.boxes.length || marks.paint.length)
      await use("readwrite", (store) => store.put({ marks, saved: Date.now() }, key));
    else await use("readwrite", (store) => store.delete(key));
  } catch {
    /* they last as long as the page, then */
  }
}

async function prune() {
  const old = await use("readonly", (store) =>
    store.index("saved").getAllKeys(IDBKeyRange.upperBound(Date.now() - MONTH)),
  );
  for (const key of old) await use("readwrite", (store) => store.delete(key));
}

prune().catch(() => {});
