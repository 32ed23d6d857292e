/* A blur for what is small and soft: means of boxes one after another, the boxes as wide as need be to a fraction
 * of a pixel (Gwosdek et al., "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering",
 * SSVM 2011). Canvas filters would do it too, but not in every browser.
 *
 * blurChannel(values, width, height, deviation, { passes, repeat }) → Float32Array: one channel; beyond its edges
 * is nothing, or with repeat what is at them.
 * blurPicture(context, width, height, deviation): an opaque picture, on its canvas. */

/* The box whose variance is a share of the Gaussian's: whole pixels to each side, and a weight of two more. */
function boxOf(deviation, passes) {
  const variance = (deviation * deviation) / passes;
  const reach = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const whole = 2 * reach + 1;
  const rest = (whole * (variance - (reach * (reach + 1)) / 3)) / (2 * ((reach + 1) ** 2 - variance));
  return { reach, rest, share: 1 / (whole + 2 * rest) };
}

/* Running means along rows, each read into a line that has room at both ends. */
function meanRows(from, to, width, height, { reach, rest, share }, repeat) {
  const room = reach + 1;
  const line = new Float32Array(width + 2 * room);
  for (let start = 0; start < width * height; start += width) {
    for (let at = 0; at < width; at += 1) line[room + at] = from[start + at];
    if (repeat) {
      line.fill(from[start], 0, room);
      line.fill(from[start + width - 1], room + width);
    }
    let sum = 0;
    for (let at = 1; at <= 2 * reach + 1; at += 1) sum += line[at];
    for (let at = 0; at < width; at += 1) {
      const after = line[at + 2 * room];
      to[start + at] = share * (sum + rest * (line[at] + after));
      sum += after - line[at + 1];
    }
  }
}

/* The same down the columns: a row of sums goes down the picture, since memory lies in rows. */
function meanColumns(from, to, width, height, { reach, rest, share }, repeat) {
  const nothing = new Float32Array(width);
  const row = (index) => {
    if (!repeat && (index < 0 || index >= height)) return nothing;
    const within = Math.min(height - 1, Math.max(0, index));
    return from.subarray(within * width, (within + 1) * width);
  };
  const sums = new Float32Array(width);
  for (let index = -reach; index <= reach; index += 1) {
    const values = row(index);
    for (let at = 0; at < width; at += 1) sums[at] += values[at];
  }
  for (let index = 0; index < height; index += 1) {
    const [before, first, after] = [row(index - reach - 1), row(index - reach), row(index + reach + 1)];
    const start = index * width;
    for (let at = 0; at < width; at += 1) {
      to[start + at] = share * (sums[at] + rest * (before[at] + after[at]));
      sums[at] += after[at] - first[at];
    }
  }
}

export function blurChannel(values, width, height, deviation, { passes = 4, repeat = false } = {}) {
  if (deviation <= 0) return Float32Array.from(values);
  const box = boxOf(deviation, passes);
  // Only where there is something; and what one mean carries over an edge, the next brings back: there is room.
  const part = repeat ? { left: 0, top: 0, right: width, bottom: height } : findPart(values, width, height);
  const made = new Float32Array(width * height);
  if (part.right <= part.left) return made;
  const room = repeat ? 0 : passes * (box.reach + 1);
  const [wide, tall] = [part.right - part.left + 2 * room, part.bottom - part.top + 2 * room];
  const [from, to] = [new Float32Array(wide * tall), new Float32Array(wide * tall)];
  for (let row = part.top; row < part.bottom; row += 1)
    from.set(
      values.subarray(row * width + part.left, row * width + part.right),
      (row - part.top + room) * wide + room,
    );
  for (let pass = 0; pass < passes; pass += 1) {
    meanRows(from, to, wide, tall, box, repeat);
    meanColumns(to, from, wide, tall, box, repeat);
  }
  const [left, right] = [Math.max(0, part.left - room), Math.min(width, part.right + room)];
  for (let row = Math.max(0, part.top - room); row < Math.min(height, part.bottom + room); row += 1) {
    const start = (row - part.top + room) * wide + room - part.left;
    made.set(from.subarray(start + left, start + right), row * width + left);
  }
  return made;
}

/* The box around all that is not nothing. */
function findPart(values, width, height) {
  const part = { left: width, top: height, right: 0, bottom: 0 };
  for (let row = 0; row < height; row += 1) {
    const [start, end] = [row * width, (row + 1) * width];
    let first = start;
    while (first < end && !values[first]) first += 1;
    if (first === end) continue;
    let last = end;
    while (!values[last - 1]) last -= 1;
    part.left = Math.min(part.left, first - start);
    part.right = Math.max(part.right, last - start);
    part.top = Math.min(part.top, row);
    part.bottom = row + 1;
  }
  return part;
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
