/* A blur for what is small and soft: means of boxes one after another, the boxes as wide as need be to a fraction
 * of a pixel (Gwosdek et al., "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering",
 * SSVM 2011). Canvas filters would do it too, but not in every browser.
 *
 * blurChannel(values, width, height, deviation, { passes, repeat }) → Float32Array: one channel; beyond its edges is
 * nothing, or with repeat what is at them.
 * blurPicture(context, width, height, deviation): an opaque picture, on its canvas. */

/* The box whose variance is a share of the Gaussian's: so many whole pixels to each side, and a weight of two more. */
function boxOf(deviation, passes) {
  const variance = (deviation * deviation) / passes;
  const reach = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const whole = 2 * reach + 1;
  const rest = (whole * (variance - (reach * (reach + 1)) / 3)) / (2 * ((reach + 1) ** 2 - variance));
  return { reach, rest, share: 1 / (whole + 2 * rest) };
}

/* Running means along so many lines of values that lie `step` apart. */
function meanAlong(from, to, box, { lines, length, lineStep, step, repeat }) {
  const { reach, rest, share } = box;
  for (let line = 0; line < lines; line += 1) {
    const start = line * lineStep;
    const first = repeat ? from[start] : 0;
    const last = repeat ? from[start + (length - 1) * step] : 0;
    const value = (index) => (index < 0 ? first : index >= length ? last : from[start + index * step]);
    let sum = 0;
    for (let index = -reach; index <= reach; index += 1) sum += value(index);
    for (let index = 0; index < length; index += 1) {
      const before = value(index - reach - 1);
      const after = value(index + reach + 1);
      to[start + index * step] = share * (sum + rest * (before + after));
      sum += after - value(index - reach);
    }
  }
}

export function blurChannel(values, width, height, deviation, { passes = 4, repeat = false } = {}) {
  if (deviation <= 0) return Float32Array.from(values);
  const box = boxOf(deviation, passes);
  // What one mean carries over the edge the next brings back: there is room for it.
  const room = repeat ? 0 : passes * (box.reach + 1);
  const [wide, tall] = [width + 2 * room, height + 2 * room];
  const [from, to] = [new Float32Array(wide * tall), new Float32Array(wide * tall)];
  for (let row = 0; row < height; row += 1)
    from.set(values.subarray(row * width, (row + 1) * width), (row + room) * wide + room);
  for (let pass = 0; pass < passes; pass += 1) {
    meanAlong(from, to, box, { lines: tall, length: wide, lineStep: wide, step: 1, repeat });
    meanAlong(to, from, box, { lines: wide, length: tall, lineStep: 1, step: wide, repeat });
  }
  if (!room) return from;
  const made = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const start = (row + room) * wide + room;
    made.set(from.subarray(start, start + width), row * width);
  }
  return made;
}

export function blurPicture(context, width, height, deviation) {
  const image = context.getImageData(0, 0, width, height);
  for (let channel = 0; channel < 3; channel += 1) {
    const values = new Float32Array(width * height);
    for (let at = 0; at < values.length; at += 1) values[at] = image.data[4 * at + channel];
    const soft = blurChannel(values, width, height, deviation, { passes: 3, repeat: true });
    for (let at = 0; at < values.length; at += 1) image.data[4 * at + channel] = Math.round(soft[at]);
  }
  context.putImageData(image, 0, 0);
}
