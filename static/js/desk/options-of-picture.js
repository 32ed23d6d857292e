/* The options follow the picture: the panel shows what made the one that is in view, and says so once it
 * is changed against it.
 *
 * followPicture(form): #made says, after each swap, which task made the picture ("" where none did) and
 * the values of its options. They are put into the form when another picture comes up, never while one
 * stays: what somebody changes meanwhile is theirs, until it is sent or reset. On a photo that nothing was
 * made of yet, the form has what was set last, so that a series is set up once.
 * Events on the form, detail {values, shows, task}: "showing" before values are put in, for who has to make
 * room for them, "shown" afterwards, for what stands beside the fields. */

// They say how the page is worked with, or vary by themselves: no picture is made of them alone.
const ASIDE = new Set([
  "csrfmiddlewaretoken",
  "seed",
  "with",
  "rectangles",
  "mask",
  "avoid",
  "choice",
  "chosen",
]);

const find = (id) => document.getElementById(id);

/** @param {HTMLFormElement} form */
export function followPicture(form) {
  let key = null; // which picture the form was filled for
  let said = ""; // and of which options that was made
  let baseline = null; // what made it; null where nothing did
  let own = null; // what somebody set, for photos that nothing was made of yet
  let ownFiles = {};

  /* What the form says now, by field. */
  function values() {
    const found = {};
    for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
      const { name, type } = field;
      if (!name || ASIDE.has(name)) continue;
      if (type === "radio") found[name] = field.checked ? field.value : (found[name] ?? "");
      else if (type === "checkbox") found[name] = field.checked;
      else if (type === "file")
        found[name] = [...field.files].map((file) => `${file.name} ${file.size}`).join();
      else found[name] = field.value;
    }
    return found;
  }

  function put(wanted) {
    for (const [name, value] of Object.entries(wanted)) {
      const field = form.elements[name];
      if (!field) continue;
      if (field instanceof RadioNodeList) choose([...field], value);
      else if (field.type === "radio") choose([field], value);
      else if (field.type === "checkbox") field.checked = Boolean(value);
      else if (field.type !== "file") field.value = value;
    }
  }

  function choose(radios, value) {
    const free = radios.find((radio) => radio.dataset.free !== undefined);
    const fits = radios.find((radio) => radio !== free && radio.value === value);
    if (!fits && free && value) {
      free.value = value;
      const picker = free.closest("label").querySelector('[type="color"]');
      if (picker) picker.value = value;
    }
    for (const radio of radios) radio.checked = radio === (fits || (value ? free : undefined));
  }

  const same = (one, other) =>
    Object.keys({ ...one, ...other }).every((name) => (one[name] ?? "") === (other[name] ?? ""));
  const isChanged = () => baseline !== null && !same(baseline, values());

  function mark() {
    const changed = isChanged();
    form.classList.toggle("changed", changed);
    document.getElementById("desk").toggleAttribute("data-changed", changed);
    const line = find("changed");
    if (line) line.hidden = !changed;
  }

  /* What the server says of the picture that is in view now. */
  function read() {
    const element = find("made");
    const { photo = "" } = find("photo").dataset;
    if (!element) {
      key = baseline = null;
      said = "";
      mark();
      return;
    }
    const { task, values: wanted, shows } = JSON.parse(element.textContent);
    const next = `${photo} ${task}`;
    const asked = JSON.stringify([photo, wanted, Boolean(task)]);
    // Another picture of the same photo made with the same options, as after a stroke of the brush: what was
    // changed since is as much a change against it.
    if (next !== key && asked === said) key = next;
    said = asked;
    if (next !== key) {
      key = next;
      if (task || !own) show(wanted, shows, task);
      else show(own, shows);
      baseline = task ? values() : null;
    }
    mark();
  }

  function show(wanted, shows, task = "") {
    const detail = { values: wanted, shows, task };
    form.dispatchEvent(new CustomEvent("showing", { detail }));
    put(wanted);
    for (const field of files()) {
      if (wanted === own && ownFiles[field.name]) field.files = ownFiles[field.name];
      else field.value = "";
    }
    form.dispatchEvent(new CustomEvent("shown", { detail }));
  }

  const files = () =>
    [.../** @type {Iterable<HTMLInputElement>} */ (form.elements)].filter(
      ({ type, name }) => type === "file" && !ASIDE.has(name),
    );

  form.addEventListener("input", noteChange);
  form.addEventListener("change", noteChange);
  function noteChange(event) {
    if (ASIDE.has(event.target.name)) return;
    own = values();
    delete own.place; // that is of one product
    ownFiles = Object.fromEntries(files().map((field) => [field.name, field.files]));
    mark();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#reset-options")) return;
    const { values: wanted, shows, task } = JSON.parse(find("made").textContent);
    own = null;
    show(wanted, shows, task);
    mark();
    find("start")?.focus();
  });

  // What was refused is shown as it was sent, beside what made the picture.
  const element = find("made");
  if (element && form.querySelector(".errorlist, [aria-invalid]")) {
    const { task, values: wanted } = JSON.parse(element.textContent);
    const { photo } = find("photo").dataset;
    key = `${photo} ${task}`;
    said = JSON.stringify([photo, wanted, Boolean(task)]);
    if (task)
      baseline = {
        ...values(),
        ...Object.fromEntries(Object.entries(wanted).filter(([name]) => name in values())),
      };
  }
  return { read, mark };
}
