/* The finish of a cutout as data, as the engine has it (editor/engines/finishing/finish.py), and its form.
 *
 * complete(data): a finish of which the server left out what is at its default.
 * readForm(form), writeForm(form, finish, backdrop): the form's fields say the same in other words, those of
 * editor/forms/finish.py: margins in per cent, and "picture" for a picture behind. */

/** @type {Finish} */
export const DEFAULTS = Object.freeze({
  canvas: "photo",
  ratio: [1, 1],
  width: 0,
  height: 0,
  reference: "subject",
  margins: [0, 0, 0, 0],
  margin_of: "canvas",
  scaling: "stay",
  share: 1,
  enlarge: false,
  align: [0.5, 0.5],
  rotation: 0,
  background: "",
  backdrop_zoom: 1,
  backdrop_at: [0.5, 0.5],
  backdrop_blur: 0,
  shadow: "",
  shadow_strength: 0.5,
  shadow_softness: 0.5,
  shadow_direction: 0,
  exposure: 0,
  warmth: 0,
  tint: 0,
  size: "full",
  format: "png",
});

const SIDES = ["left", "top", "right", "bottom"];
const SHEETS = { A4: [210, 297] };
/** How a subject is scaled on a canvas where the form does not say. */
const USUAL_SCALING = { photo: "stay", content: "keep", ratio: "keep", exact: "fit" };
const NUMBERS = [
  "rotation",
  "backdrop_zoom",
  "backdrop_blur",
  "shadow_strength",
  "shadow_softness",
  "shadow_direction",
  "exposure",
  "warmth",
  "tint",
];
const MOST_SIDE = 16_384;
/** The largest margin on each side, by its unit, as the form says it. */
export const MOST_MARGIN = { canvas: 49, subject: 100, px: 4096 };

/**
 * @param {Partial<Finish>} data
 * @returns {Finish}
 */
export const complete = (data) => ({ ...DEFAULTS, ...data });

/**
 * @param {Finish} one
 * @param {Finish} other
 */
export const isSame = (one, other) =>
  Object.keys(DEFAULTS).every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));

/** @param {string} text such as "4:5" or "A4" */
export function readRatio(text) {
  const ratio = SHEETS[text.toUpperCase()] || text.split(":").map(Number);
  return ratio.length === 2 && ratio.every((side) => side >= 0.01 && side <= 100_000) ? ratio : null;
}

/** @param {number[]} ratio */
export function describeRatio(ratio) {
  const sheet = Object.entries(SHEETS).find(([, sides]) => String(sides) === String(ratio));
  return sheet ? sheet[0] : ratio.join(":");
}

/* A field's value whatever kind of field it is. */
function readField(form, name) {
  const field = form.elements[name];
  if (!field) return "";
  return field.type === "checkbox" ? field.checked : field.value;
}

/** @param {string} text */
function numberOf(text, otherwise) {
  const number = Number.parseFloat(text);
  return Number.isFinite(number) ? number : otherwise;
}

const within = (value, least, most) => Math.min(most, Math.max(least, value));

/**
 * What the form says. What cannot be read yet, as while it is typed, is as in the finish before.
 *
 * @param {HTMLFormElement} form
 * @param {Finish} before
 * @returns {Finish}
 */
export function readForm(form, before = DEFAULTS) {
  const value = (name) => readField(form, name);
  const number = (name, otherwise) => numberOf(value(name), otherwise);
  const canvas = value("canvas") || "photo";
  const exact = canvas === "exact";
  const side = (name) =>
    exact ? within(Math.round(number(name, before[name] || 1)), 1, MOST_SIDE) : before[name];
  const margin_of = value("margin_of") || "canvas";
  const margins = SIDES.map((side) => {
    const typed = number(value("sides") ? `margin_${side}` : "margin", 0);
    return within(typed, 0, MOST_MARGIN[margin_of]) / (margin_of === "px" ? 1 : 100);
  });
  const background = value("background");
  const finish = {
    ...before,
    canvas,
    ratio: readRatio(value("ratio")) || before.ratio,
    width: side("width"),
    height: side("height"),
    margins,
    margin_of,
    scaling: value("scaling") || USUAL_SCALING[canvas],
    enlarge: Boolean(value("enlarge")),
    align: [number("align_x", 0.5), number("align_y", 0.5)],
    background: background === "picture" ? "" : background,
    backdrop_at: [number("backdrop_x", 0.5), number("backdrop_y", 0.5)],
    shadow: value("shadow"),
    size: value("size") || "full",
    format: value("format") || "png",
  };
  for (const name of NUMBERS) finish[name] = number(name, DEFAULTS[name]);
  return /** @type {Finish} */ (finish);
}

/* What a number of a finish is called in its field: 0.07 * 100 is a little more than 7. */
const tidy = (value) => String(Number(value.toFixed(6)));

/**
 * @param {HTMLFormElement} form
 * @param {Finish} finish
 * @param {{ id: string } | null} backdrop the picture behind
 */
export function writeForm(form, finish, backdrop) {
  const margins = finish.margins.map((one) => tidy(finish.margin_of === "px" ? one : one * 100));
  const values = {
    canvas: finish.canvas,
    ratio: describeRatio(finish.ratio),
    width: finish.width || form.elements.width.value,
    height: finish.height || form.elements.height.value,
    margin: margins[0],
    sides: new Set(margins).size > 1,
    margin_of: finish.margin_of,
    // What is usual on a canvas is not said, so that it follows when another canvas is chosen.
    scaling: finish.canvas === "exact" ? finish.scaling : "",
    enlarge: finish.enlarge,
    align_x: tidy(finish.align[0]),
    align_y: tidy(finish.align[1]),
    background: backdrop ? "picture" : finish.background,
    kept_backdrop: backdrop?.id || "",
    backdrop_x: tidy(finish.backdrop_at[0]),
    backdrop_y: tidy(finish.backdrop_at[1]),
    shadow: finish.shadow,
    size: finish.size,
    format: finish.format,
  };
  for (const name of NUMBERS) values[name] = tidy(finish[name]);
  SIDES.forEach((side, index) => {
    values[`margin_${side}`] = margins[index];
  });
  for (const [name, value] of Object.entries(values)) put(form, name, value);
}

/* A field that the form does not have (an API made the finish) is left out. */
function put(form, name, value) {
  const field = form.elements[name];
  if (!field) return;
  if (field instanceof RadioNodeList) choose([...field], String(value));
  else if (field.type === "checkbox") field.checked = Boolean(value);
  else if (document.activeElement !== field || field.value === "" || Number(field.value) !== Number(value))
    field.value = value;
}

/* The free radio takes what none of the others stands for. */
function choose(radios, value) {
  const free = radios.find((radio) => radio.dataset.free !== undefined);
  const fits = radios.find((radio) => radio !== free && radio.value === value);
  if (!fits && free && value) {
    free.value = value;
    const picker = free.closest("label").querySelector('[type="color"]');
    if (picker) picker.value = value.slice(0, 7);
  }
  for (const radio of radios) radio.checked = radio === (fits || (value ? free : undefined));
}
