/* Exposure and white balance of what is cut out: a table for each channel, as the engine has them
 * (editor/engines/finishing/light.py).
 *
 * makeTables(finish) → three rows of 256 bytes, null where nothing changes.
 * tint(level, tables) → a canvas of the level's size with every colour looked up, its alpha untouched. */

const STEPS = 256;

const toLinear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const toScreen = (value) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

/** @param {Finish} finish */
export const isLit = ({ exposure, warmth, tint }) => Boolean(exposure || warmth || tint);

/** @param {Finish} finish */
export const lightKey = ({ exposure, warmth, tint }) => `${exposure} ${warmth} ${tint}`;

/** Stops by which red rises and blue falls at a warmth of 1, and by which green falls at a tint of 1. */
const WARMEST = 0.6;
const GREENEST = 0.4;
/** Shares of the channels in linear sRGB's luminance (ITU-R BT.709). */
const LUMINANCE = [0.2126, 0.7152, 0.0722];

/* What each channel is multiplied by in linear light: white balance leaves a white as bright as it is. */
function findGains({ exposure, warmth, tint }) {
  const balance = [WARMEST * warmth, -GREENEST * tint, -WARMEST * warmth].map((stops) => 2 ** stops);
  const luminance = balance.reduce((sum, one, channel) => sum + one * LUMINANCE[channel], 0);
  return balance.map((one) => (2 ** exposure * one) / luminance);
}

/**
 * @param {Finish} finish
 * @returns {Uint8Array[] | null}
 */
export function makeTables(finish) {
  if (!isLit(finish)) return null;
  return findGains(finish).map((gain) =>
    Uint8Array.from({ length: STEPS }, (_, value) =>
      Math.floor(255 * toScreen(Math.min(1, gain * toLinear(value / 255))) + 0.5),
    ),
  );
}

/**
 * @param {OffscreenCanvas} level
 * @param {Uint8Array[]} tables
 */
export function tint(level, [red, green, blue]) {
  const canvas = new OffscreenCanvas(level.width, level.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(level, 0, 0);
  const image = context.getImageData(0, 0, level.width, level.height);
  const { data } = image;
  for (let at = 0; at < data.length; at += 4) {
    if (!data[at + 3]) continue;
    data[at] = red[data[at]];
    data[at + 1] = green[data[at + 1]];
    data[at + 2] = blue[data[at + 2]];
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
