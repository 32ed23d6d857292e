/* Many photos of the desk at once: choosing them in the strip, putting them away, bringing them back; all that did
 * not get done tried again, all that is under way stopped.
 *
 * startMultiSelect({ strip, onGone }): the strip's menu and the bar over it come to life. While one chooses,
 * a click on a frame, Enter or Space ticks it, Shift ticks all from the last one, Escape ends it; what was
 * chosen stays chosen while its frame is far and not in the list. onGone() is called once photos have left.
 * What a tool can do to many has a button of its own in the bar: its script hears "chosen:finish" on the
 * document (detail: the photos, and the address that takes them).
 * The forms of the menu work without it. */
import { token } from "../core/csrf.js";
import { say } from "../core/toasts.js";
import { phrase } from "../core/words.js";

const PAUSE = 5000; // milliseconds, between what is asked of all and what is left of it
const LOST = gettext(
  "The studio could not be reached. Nothing was put away. Check the connection, then try again.",
);

export function startMultiSelect({ strip, onGone }) {
  const { nav } = strip;
  const menu = /** @type {HTMLDetailsElement} */ (document.getElementById("strip-menu"));
  const bar = document.getElementById("chosen");
  const part = (name) => bar.querySelector(`[data-chosen="${name}"]`);
  const back = /** @type {HTMLFormElement} */ (document.getElementById("put-back"));
  const finish = part("finish");
  let order = []; // the keys of all photos on the desk, while one chooses; at first those that are near
  let whole = false; // all of them are known
  let last = "";
  let going = 0;
  const chosen = new Set();

  const active = () => nav.hasAttribute("data-choosing");

  // -- Asking the studio -------------------------------------------------------------------------------

  /** @param {string} address */
  async function send(address, fields) {
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "X-Requested-With": "fetch", "X-CSRFToken": token() },
        body: new URLSearchParams(fields),
      });
      if (response.ok) return await response.json();
      const plain = (response.headers.get("Content-Type") || "").startsWith("text/plain");
      say(plain ? await response.text() : gettext("That did not work. Try again in a moment."));
    } catch {
      say(LOST);
    }
    return null;
  }

  async function putAway(fields) {
    const told = await send(nav.dataset.putAway, fields);
    if (!told) return;
    end();
    offer(told);
    await strip.poll();
    onGone();
  }

  /* Say what was put away, with the way back; the menu keeps it as well. */
  function offer({ sentence, moment, count = 1, photo = "" }) {
    back.elements.moment.value = moment;
    back.querySelector("[data-count]").textContent = String(count);
    back.hidden = !count;
    showSums();
    say(sentence, count ? { action: [gettext("Undo"), () => bringBack(moment, photo)] } : {});
  }

  /* Have what did not get done tried again, or what is under way stopped. Where not all of it may be under
   * way at once the others follow, until something else is asked of all. */
  /** @param {HTMLFormElement} form */
  async function doToAll(form) {
    going += 1;
    const mine = going;
    let [told, fields] = [null, {}];
    do {
      if (told) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (mine !== going) return;
      const before = told;
      told = await send(form.action, fields);
      if (!told) return;
      if (!before || told.count || !told.until) say(told.sentence);
      fields = { until: told.until };
      await strip.poll();
      onGone();
    } while (told.until);
  }

  /** @param {string} moment */
  async function bringBack(moment, photo = "") {
    const told = await send(nav.dataset.putBack, { moment });
    if (!told) return;
    say(told.sentence);
    if (back.elements.moment.value === moment) back.hidden = true;
    await strip.poll();
    onGone(photo);
  }

  document.addEventListener(
    "submit",
    (event) => {
      const all = ["retry-all", "stop-all"].includes(event.target.id);
      if (event.target.id !== "put-many-away" && event.target !== back && !all) return;
      event.preventDefault();
      event.stopPropagation();
      menu.open = false;
      if (all) {
        doToAll(/** @type {HTMLFormElement} */ (event.target));
        return;
      }
      if (event.target === back) bringBack(back.elements.moment.value);
      else putAway({ which: /** @type {HTMLButtonElement} */ (event.submitter).value });
    },
    true,
  );

  document.addEventListener("desk:put-away", ({ detail }) => offer(detail));

  // -- Choosing ----------------------------------------------------------------------------------------

  // At once: a click that comes before the studio's answer ticks its frame as well, and opens nothing.
  async function start() {
    order = strip.links.map((link) => link.dataset.photo);
    whole = false;
    nav.setAttribute("data-choosing", "");
    bar.hidden = false;
    show();
    (strip.list.querySelector("[aria-current]") || strip.links[0])?.focus();
    try {
      const response = await fetch(nav.dataset.photos, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      order = (await response.json()).photos;
      whole = true;
      show();
    } catch {
      if (active()) say(gettext("The studio could not be reached. Check the connection, then try again."));
      end();
    }
  }

  function end() {
    if (!active()) return;
    nav.removeAttribute("data-choosing");
    bar.hidden = true;
    chosen.clear();
    last = "";
    const focused = bar.contains(document.activeElement) || document.activeElement === document.body;
    show();
    if (focused) menu.querySelector("summary").focus();
  }

  function tick(key, range) {
    const [from, to] = [order.indexOf(last), order.indexOf(key)];
    const checked = !chosen.has(key);
    const keys =
      range && from >= 0 && to >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [key];
    for (const one of keys) {
      if (checked) chosen.add(one);
      else chosen.delete(one);
    }
    last = key;
    show();
  }

  function show() {
    for (const link of strip.links) {
      if (active()) {
        link.setAttribute("role", "checkbox");
        link.setAttribute("aria-checked", String(chosen.has(link.dataset.photo)));
      } else {
        link.removeAttribute("role");
        link.removeAttribute("aria-checked");
      }
    }
    const total = whole ? order.length : strip.total;
    part("count").textContent = active()
      ? phrase(gettext("%(chosen)s of %(total)s chosen"), { chosen: chosen.size, total })
      : "";
    part("all").textContent = chosen.size && chosen.size === total ? gettext("None") : gettext("All");
    /** @type {HTMLButtonElement} */ (part("all")).disabled = !whole;
    for (const button of [part("away"), finish].filter(Boolean)) {
      /** @type {HTMLButtonElement} */ (button).disabled = !chosen.size;
    }
    if (finish) {
      const message = chosen.size
        ? ngettext("Use this finish for %(count)s photo", "Use this finish for %(count)s photos", chosen.size)
        : gettext("Use this finish");
      finish.querySelector("span").textContent = phrase(message, { count: chosen.size });
    }
  }

  /* The numbers in the menu are the strip's. */
  function showSums() {
    const { total, finished, again, working, failed } = strip.list.dataset;
    for (const [name, count] of Object.entries({ again, working, failed })) {
      const shown = menu.querySelector(`[data-${name}]`);
      shown.textContent = count;
      shown.closest("form, button.scripted").hidden = count === "0";
    }
    menu.querySelector("[data-total]").textContent = total;
    menu.querySelector("[data-finished]").textContent = finished;
    /** @type {HTMLButtonElement} */ (menu.querySelector('[value="finished"]')).disabled = finished === "0";
    menu.querySelector("#put-many-away").hidden = menu.querySelector("[data-choose]").hidden = total === "0";
    menu.hidden = total === "0" && Boolean(back.hidden);
  }

  strip.addEventListener("change", () => {
    showSums();
    show();
  });

  // Capture: what is ticked is not opened.
  nav.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("#frames a.frame");
      if (!link || !active()) return;
      event.preventDefault();
      event.stopPropagation();
      tick(link.dataset.photo, event.shiftKey);
    },
    true,
  );
  nav.addEventListener("mousedown", (event) => {
    if (event.shiftKey && active()) event.preventDefault();
  });
  nav.addEventListener(
    "keydown",
    (event) => {
      if (!active()) return;
      const link = event.target.closest("#frames a.frame");
      if (event.key === " " && link) {
        event.preventDefault();
        event.stopPropagation();
        tick(link.dataset.photo, event.shiftKey);
      } else if (link && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        event.preventDefault();
        event.stopPropagation();
        const { links } = strip;
        links[links.indexOf(link) + (event.key === "ArrowLeft" ? -1 : 1)]?.focus();
      }
    },
    true,
  );
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !active() || document.querySelector("dialog[open], details.menu[open]"))
        return;
      event.stopPropagation();
      end();
    },
    true,
  );

  menu.querySelector("[data-choose]").addEventListener("click", start);
  menu.querySelector("[data-next-needy]").addEventListener("click", () => {
    menu.open = false;
    /** @type {HTMLElement} */ (nav.querySelector("[data-needy]"))?.click();
  });
  part("all").addEventListener("click", () => {
    const all = chosen.size < order.length;
    chosen.clear();
    if (all) for (const key of order) chosen.add(key);
    show();
  });
  part("away").addEventListener("click", () => putAway({ which: "chosen", photos: [...chosen].join(",") }));
  finish?.addEventListener("click", () => {
    const detail = { photos: [...chosen], address: finish.dataset.address };
    end();
    document.dispatchEvent(new CustomEvent("chosen:finish", { detail }));
  });
  part("end").addEventListener("click", end);
}
