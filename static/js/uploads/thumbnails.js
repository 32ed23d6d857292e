/* Small copies of photos that are on their way in.
 *
 * makeThumbnail(file, wanted) → Promise of a blob: address of a small copy, or "" where the browser
 * cannot read the file (HEIC, raw). One at a time and small, so that a hundred photos of 20 MB do
 * not fill the memory; skipped if wanted() says no by the time its turn comes. */
const SIDE = 160;
let last = Promise.resolve("");

/** @param {File} file */
export function makeThumbnail(file, wanted) {
  const mine = last.then(() => (wanted() ? make(file) : "")).catch(() => "");
  last = mine;
  return mine;
}

/** @param {File} file */
async function make(file) {
  const bitmap = await createImageBitmap(file, { resizeHeight: SIDE, resizeQuality: "medium" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/webp", quality: 0.8 }));
}
