/* A decoded picture in several sizes, so that what is drawn costs what is seen.
 *
 * Picture.load(address | Blob, signal) → Promise<Picture>   (rejects if it is not to be had)
 * picture.draw(context, box, clip): paints it into box = {x, y, width, height}, in the canvas's own
 *   pixels, but only where it meets clip; panning at 100 % so touches a screenful, not 16 megapixels.
 * picture.dispose(): frees the memory; a disposed picture draws nothing.
 *
 * Each level has half the sides of the one before. The smallest that is still as large as what is
 * asked for is drawn, so that scaling down never skips pixels. Above 200 % pixels stay squares. */
const SMALLEST = 512;

/** @param {AbortSignal} [signal] */
async function decode(source, signal) {
  if (source instanceof Blob) return createImageBitmap(source);
  const response = await fetch(source, { signal, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status} for ${source}`);
  return createImageBitmap(await response.blob());
}

export class Picture {
  constructor(levels) {
    this.levels = levels;
    this.width = levels[0].width;
    this.height = levels[0].height;
  }

  /** @param {AbortSignal} [signal] */
  static async load(source, signal) {
    const levels = [await decode(source, signal)];
    while (Math.max(levels.at(-1).width, levels.at(-1).height) > 2 * SMALLEST) {
      const last = levels.at(-1);
      levels.push(
        await createImageBitmap(last, {
          resizeWidth: Math.max(1, Math.round(last.width / 2)),
          resizeHeight: Math.max(1, Math.round(last.height / 2)),
          resizeQuality: "medium",
        }),
      );
    }
    const picture = new Picture(levels);
    if (signal?.aborted) {
      picture.dispose();
      throw new DOMException("No longer wanted", "AbortError");
    }
    return picture;
  }

  /**
   * @param {Context} context
   * @param {Box} box
   * @param {Box} clip
   */
  draw(context, box, clip) {
    const left = Math.max(box.x, clip.x);
    const top = Math.max(box.y, clip.y);
    const right = Math.min(box.x + box.width, clip.x + clip.width);
    const bottom = Math.min(box.y + box.height, clip.y + clip.height);
    if (right <= left || bottom <= top || !this.levels.length) return;
    const level = this.levels.findLast((one) => one.width >= box.width) || this.levels[0];
    const across = level.width / box.width;
    const down = level.height / box.height;
    context.imageSmoothingEnabled = box.width <= 2 * this.width;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      level,
      (left - box.x) * across,
      (top - box.y) * down,
      (right - left) * across,
      (bottom - top) * down,
      left,
      top,
      right - left,
      bottom - top,
    );
  }

  dispose() {
    for (const level of this.levels) level.close();
    this.levels = [];
  }
}
