/* Heads: the rings follow the stage, and the button says how many heads it will cut out.
 *
 * The rings are the page's own tick boxes (stage.html); here they are only put in their places. */

import { phrase } from "../../core/words.js";
import { stage } from "../../desk/desk.js";

const LEAST = 44; // CSS pixels, for fingers
const find = (id) => document.getElementById(id);
const rings = () => [...document.querySelectorAll("#heads .ring")];

function place() {
  const heads = find("heads");
  const { view } = stage;
  const there = !stage.empty && heads?.dataset.photo === find("photo").dataset.photo;
  for (const ring of rings()) {
    ring.hidden = !there;
    if (!there) continue;
    const { x, y, rx, ry, angle } = Object.fromEntries(
      Object.entries(ring.dataset).map(([name, value]) => [name, Number(value)]),
    );
    const middle = view.toScreen({ x, y });
    const width = Math.max(LEAST, (2 * rx * view.scale) / view.ratio);
    const height = Math.max(LEAST, (2 * ry * view.scale) / view.ratio);
    ring.style.width = `${width}px`;
    ring.style.height = `${height}px`;
    ring.style.transform = `translate(${middle.x / view.ratio - width / 2}px, ${middle.y / view.ratio - height / 2}px) rotate(${angle}deg)`;
    ring.querySelector(".ring-number").style.transform = `rotate(${-angle}deg)`;
  }
}

function count() {
  const words = document.querySelector("[data-heads-wanted]");
  if (!words) return;
  const all = rings();
  const wanted = all.filter((ring) => ring.querySelector("input").checked).length;
  words.textContent = all.length
    ? phrase(ngettext("Cut out %(count)s head", "Cut out %(count)s heads", wanted), { count: wanted })
    : gettext("Cut out the heads");
  const found = find("heads").dataset.count;
  if (all.length || found === "0") /** @type {HTMLButtonElement} */ (find("start")).disabled = wanted === 0;
}

stage.addEventListener("draw", place);
document.addEventListener("change", (event) => {
  if (event.target.name === "chosen") count();
});
for (const event of ["htmx:afterSwap", "htmx:oobAfterSwap"])
  document.addEventListener(event, () => {
    place();
    count();
  });

const form = find("options");
function sumUp() {
  const word = (name) =>
    form.querySelector(`[name="${name}"]:checked`)?.closest("label").textContent.trim() || "";
  form.querySelector("[data-file-summary]").textContent = ["format", "outputs"].map(word).join(" · ");
}
form.addEventListener("change", sumUp);
form.addEventListener("shown", sumUp);

sumUp();
place();
count();
