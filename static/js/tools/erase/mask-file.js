/* Masks as files: black and white pictures of the photo's size, white where something goes.
 *
 * writeMask({size, marks}, plane) → {file, share}: what is marked ("mark"), or what must not be copied
 *   ("avoid"), at full size; share is 0..1 of the picture, exact.
 * readMask(file, size) → Blob: the mask as marks keep it, opaque where white. Rejects with MaskRefused,
 *   whose message is for people.
 * picturesOf(marks) → Map of blob to decoded picture, as brush.js draws loaded masks. */

import { phrase } from "../../core/words.js";
import { apply } from "./brush.js";

const STRIP = 256; // rows at a time: 16 megapixels at once would be 64 MB
const HALF = 128;
// As the server judges: how much may be neither black nor white, or coloured, before it is a photo.
const BLACK = 32;
const WHITE = 223;
const COLOURFUL = 64;

export class MaskRefused extends Error {}

export async function picturesOf(marks) {
  const blobs = marks.paint.filter(({ kind }) => kind === "mask").map(({ blob }) => blob);
  return new Map(await Promise.all(blobs.map(async (blob) => [blob, await createImageBitmap(blob)])));
}

export async function writeMask({ size, marks }, plane) {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pictures = await picturesOf(marks);
  for (const operation of marks.paint) apply(context, operation, plane, pictures, size);
  for (const picture of pictures.values()) picture.close();
  if (plane === "mark")
    for (const { x, y, width, height } of marks.boxes) context.fillRect(x, y, width, height);
  let marked = 0;
  strips(context, size, (data) => {
    for (let at = 0; at < data.length; at += 4) {
      const white = data[at + 3] >= HALF;
      if (white) marked += 1;
      data[at] = data[at + 1] = data[at + 2] = white ? 255 : 0;
      data[at + 3] = 255;
    }
  });
  const blob = await canvas.convertToBlob({ type: "image/png" });
  return {
    file: new File([blob], `${plane}.png`, { type: "image/png" }),
    share: marked / (size.width * size.height),
  };
}

/**
 * @param {File} file
 * @param {Size} size
 */
export async function readMask(file, size) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new MaskRefused(
      gettext("This mask is no picture we can read. Use a black and white PNG of the photo's size."),
    );
  }
  const { width, height } = picture;
  if (width !== size.width || height !== size.height) {
    picture.close();
    throw new MaskRefused(
      phrase(
        gettext(
          "This mask is %(width)s × %(height)s pixels, the photo %(photo_width)s × %(photo_height)s. Use a mask of the photo's size.",
        ),
        { width, height, photo_width: size.width, photo_height: size.height },
      ),
    );
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillRect(0, 0, width, height); // what is see-through is not marked
  context.drawImage(picture, 0, 0);
  picture.close();
  const found = keepWhite(context, size);
  if (found.colourful > 0.01 || found.grey > 0.2 || (found.grey > 0.05 && found.grey > found.white)) {
    throw new MaskRefused(
      gettext(
        "This is a photo, not a mask. Use a picture that is white where things should go and black everywhere else.",
      ),
    );
  }
  if (!found.marked)
    throw new MaskRefused(gettext("This mask is all black, so it marks nothing. Make white what should go."));
  return canvas.convertToBlob({ type: "image/png" });
}

/* Make white pixels opaque and all others clear; return what share of them was what. */
/**
 * @param {Context} context
 * @param {Size} size
 */
function keepWhite(context, size) {
  const counts = { colourful: 0, white: 0, black: 0, marked: 0 };
  strips(context, size, (data) => {
    for (let at = 0; at < data.length; at += 4) {
      const low = Math.min(data[at], data[at + 1], data[at + 2]);
      const high = Math.max(data[at], data[at + 1], data[at + 2]);
      if (high - low > COLOURFUL) counts.colourful += 1;
      if (low >= WHITE) counts.white += 1;
      if (high <= BLACK) counts.black += 1;
      const marked = data[at + 1] >= HALF;
      if (marked) counts.marked += 1;
      data[at + 3] = marked ? 255 : 0;
    }
  });
  const pixels = size.width * size.height;
  const { colourful, white, black, marked } = counts;
  return {
    colourful: colourful / pixels,
    white: white / pixels,
    grey: (pixels - white - black) / pixels,
    marked,
  };
}

function strips(context, { width, height }, change) {
  for (let top = 0; top < height; top += STRIP) {
    const pixels = context.getImageData(0, top, width, Math.min(STRIP, height - top));
    change(pixels.data);
    context.putImageData(pixels, 0, top);
  }
}
