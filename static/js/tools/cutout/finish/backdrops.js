/* Pictures behind a cutout, decoded once: the one in use and the one before, since one goes back and on.
 *
 * load(source) → Promise<Picture | null>: of an address or a file; null where it cannot be decoded here.
 * rename(file, address): the studio has the file by now, under this address. */
import { Picture } from "../../../stage/picture.js";

const KEPT = 3;

export class Backdrops {
  /** @type {Map<string | File, Promise<Picture | null>>} */
  #pictures = new Map();

  /** @param {string | File} source */
  load(source) {
    const picture = this.#pictures.get(source) || Picture.load(source).catch(() => null);
    this.#pictures.delete(source);
    this.#pictures.set(source, picture); // the newest stands last
    this.#clear();
    return picture;
  }

  rename(file, address) {
    const picture = this.#pictures.get(file);
    if (picture) this.#pictures.set(address, picture);
  }

  #clear() {
    for (const [source, picture] of this.#pictures) {
      if (new Set(this.#pictures.values()).size <= KEPT) return;
      this.#pictures.delete(source);
      if (![...this.#pictures.values()].includes(picture)) picture.then((one) => one?.dispose());
    }
  }
}
