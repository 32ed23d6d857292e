/* A picture enlarged, with the photo it was made from: ← → through the cards, c for before and after,
 * Shift D downloads, Del deletes, Esc closes. The card on the page is where all facts come from. */
import { phrase } from "../core/words.js";

export function startLightbox(gallery, { remove }) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("lightbox"));
  /** @type {(name: string) => HTMLElement} */
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  /** @type {HTMLFormElement} */
  const take = dialog.querySelector(".take");
  const after = /** @type {HTMLImageElement} */ (part("after"));
  const before = /** @type {HTMLImageElement} */ (part("before"));
  const editor = /** @type {HTMLAnchorElement} */ (part("editor"));
  const scene = /** @type {HTMLAnchorElement} */ (part("scene"));
  const original = /** @type {HTMLAnchorElement} */ (part("original"));
  const previous = /** @type {HTMLButtonElement} */ (part("previous"));
  const following = /** @type {HTMLButtonElement} */ (part("next"));
  const radios = [
    .../** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll("input[name=view]")),
  ];
  let card = null;
  let place = 0;

  const cards = () => [...gallery.querySelectorAll(".cards > .card")];

  /**
   * @param {string} address
   * @param {number} width
   * @param {number} height
   */
  function fill(image, thumbnail, address, width, height) {
    if (image.dataset.awaits === address) return;
    const figure = image.closest("figure");
    figure.classList.remove("lost");
    image.parentElement.style.setProperty("--w", width);
    image.parentElement.style.setProperty("--h", height);
    // The small one, which is here already, stands in until the large one has come.
    if (thumbnail) image.src = thumbnail;
    else image.removeAttribute("src");
    const large = new Image();
    image.dataset.awaits = address;
    large.addEventListener("load", () => {
      if (image.dataset.awaits === address) image.src = address;
    });
    large.addEventListener("error", () => {
      if (image.dataset.awaits === address) figure.classList.add("lost");
    });
    large.src = address;
  }

  function show(next) {
    card = next;
    const facts = card.dataset;
    const list = cards();
    place = list.indexOf(card);
    const waiting = gallery.querySelector(".more");
    /** @type {HTMLImageElement} */
    const thumbnail = card.querySelector(".pic img");
    part("name").textContent = facts.name;
    part("facts").textContent = facts.facts;
    part("place").textContent =
      `${phrase(gettext("%(place)s of %(total)s"), { place: place + 1, total: `${list.length}${waiting ? "+" : ""}` })} ·`;
    fill(after, thumbnail?.src, facts.file, facts.width, facts.height);
    after.alt = thumbnail?.alt || facts.name;
    before.alt = phrase(gettext("%(name)s, the photo"), { name: facts.name });
    showBefore();
    editor.href = facts.editor;
    scene.hidden = !facts.scene;
    if (facts.scene) scene.href = facts.scene;
    original.href = facts.original;
    take.action = facts.download;
    previous.disabled = place === 0;
    following.disabled = place === list.length - 1 && !waiting;
    for (const near of [list[place - 1], list[place + 1]]) if (near) new Image().src = near.dataset.file;
    if (waiting && place > list.length - 5) htmx.trigger(waiting, "more");
  }

  /* The photo is fetched only if it is looked at. */
  function showBefore() {
    if (dialog.dataset.view === "after" || !card) return;
    const { before: address, photoWidth, photoHeight } = card.dataset;
    fill(before, "", address, photoWidth, photoHeight);
  }

  /** @param {string} name */
  function view(name) {
    dialog.dataset.view = name;
    for (const radio of radios) radio.checked = radio.value === name;
    showBefore();
  }

  function step(by) {
    const next = cards()[place + by];
    if (next) show(next);
  }

  function open(wanted) {
    show(wanted);
    dialog.showModal();
  }

  for (const radio of radios) radio.addEventListener("change", () => view(radio.value));
  previous.addEventListener("click", () => step(-1));
  following.addEventListener("click", () => step(1));
  part("close").addEventListener("click", () => dialog.close());
  part("remove").addEventListener("click", () => remove(card));
  dialog.addEventListener("close", () => card?.isConnected && card.querySelector(".pic").focus());

  // On the document: what had the focus may have been deleted. A dialog over this one has its own keys.
  document.addEventListener("keydown", (event) => {
    if (!dialog.open || document.querySelector("dialog[open]:not(#lightbox)")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const choosing = event.target.matches("select, input[name=view]");
    if (event.key === "ArrowLeft" && !choosing) step(-1);
    else if (event.key === "ArrowRight" && !choosing) step(1);
    else if (event.key.toLowerCase() === "c" && !event.target.matches("select"))
      view(dialog.dataset.view === "after" ? "before" : "after");
    else if (event.key.toLowerCase() === "d" && event.shiftKey) take.requestSubmit();
    else if (event.key === "Delete") remove(card);
    else return;
    event.preventDefault();
  });

  // A finger's way through: a swipe along the picture.
  let began = null;
  part("after")
    .closest(".views")
    .addEventListener(
      "touchstart",
      (event) => {
        began = event.touches.length === 1 ? event.touches[0] : null;
      },
      { passive: true },
    );
  part("after")
    .closest(".views")
    .addEventListener(
      "touchend",
      (event) => {
        if (!began) return;
        const ended = event.changedTouches[0];
        const along = ended.clientX - began.clientX;
        if (Math.abs(along) > 60 && Math.abs(along) > 2 * Math.abs(ended.clientY - began.clientY))
          step(along < 0 ? 1 : -1);
      },
      { passive: true },
    );

  // More cards came: the last one is not the last any more. The one shown went: the next takes its place.
  document.addEventListener("htmx:afterSettle", () => {
    if (dialog.open && card.isConnected) show(card);
  });
  document.addEventListener("gallery:deleted", () => {
    if (!dialog.open || card.isConnected) return;
    const list = cards();
    const next = list[Math.min(place, list.length - 1)];
    if (!next) {
      dialog.close();
      return;
    }
    show(next);
    following.focus();
  });

  return { open };
}
