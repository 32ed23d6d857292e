/* What the engine makes of strokes, as patches of the cutout's copy on the stage, and the way back over them.
 *
 * new Patches(copy): of a ScreenCopy.
 *   fetch(address)   → Promise<Patch | null>   waits until it is there; null where there is none
 *   lay(patch)       lays it on the copy, whose state must be what the patch is for
 *   to(state)        brings the copy there over the patches that were laid on it; false where none lead there
 * A copy with a patch on it is, pixel for pixel, what would come if all of it was fetched anew. */

/** Bytes of patches that are remembered, to go back over. */
const MOST = 96 * 2 ** 20;

/**
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Area
 * @typedef {{ before: string, after: string, areas: Area[], pixels: Uint8ClampedArray[] }} Patch
 * @typedef {{ ends: [string, string], areas: Area[], pixels: [Uint8ClampedArray[], Uint8ClampedArray[]] }} Step
 */

export class Patches {
  /** @type {Step[]} */
  #steps = [];

  /** @param {import("./finish/screen-copy.js").ScreenCopy} copy */
  constructor(copy) {
    this.copy = copy;
  }

  /**
   * @param {string} address
   * @returns {Promise<Patch | null>}
   */
  async fetch(address) {
    const response = await fetch(address, { credentials: "same-origin" });
    if (response.status !== 200) return null;
    const { before, after, boxes } = JSON.parse(response.headers.get("X-Patch"));
    const bitmap = await createImageBitmap(await response.blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", {
      willReadFrequently: true,
    });
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const areas = boxes.map(([left, top, right, bottom]) => ({ left, top, right, bottom }));
    let from = 0;
    const pixels = areas.map(({ left, top, right, bottom }) => {
      const part = context.getImageData(0, from, right - left, bottom - top).data;
      from += bottom - top;
      return part;
    });
    return { before, after, areas, pixels };
  }

  /** @param {Patch} patch */
  lay({ before, after, areas, pixels }) {
    const { copy } = this;
    copy.clean();
    const earlier = areas.map((area) => copy.read(area));
    this.#steps.push({ ends: [before, after], areas, pixels: [earlier, pixels] });
    this.#go(this.#steps.at(-1), 1);
    const size = (step) => 2 * step.pixels[1].reduce((sum, part) => sum + part.length, 0);
    let held = this.#steps.reduce((sum, step) => sum + size(step), 0);
    while (held > MOST) held -= size(this.#steps.shift());
  }

  /** @param {string} state */
  to(state) {
    const way = this.#find(state);
    if (way?.length) this.copy.clean();
    for (const [step, end] of way || []) this.#go(step, end);
    return way !== null;
  }

  /** @param {Step} step */
  #go(step, end) {
    for (const [index, area] of step.areas.entries()) this.copy.write(area, step.pixels[end][index]);
    this.copy.state = step.ends[end];
  }

  /* The shortest way from here, as steps and which end of each it leads to; null where there is none. */
  #find(state) {
    const ways = new Map([[this.copy.state, []]]);
    for (const [here, way] of ways) {
      if (here === state) return way;
      for (const step of this.#steps)
        for (const end of [0, 1])
          if (step.ends[1 - end] === here && !ways.has(step.ends[end]))
            ways.set(step.ends[end], [...way, [step, end]]);
    }
    return null;
  }
}
