/* The browser's Back and Forward go through what was looked at: photos, results, and a sheet that opened.
 *
 * Links of the page push their address (hx-push-url); this brings up what an address shows when one comes
 * back to it, without loading the page anew: uploads go on meanwhile.
 *
 * followHistory({ show, onLost, run, rename }): show(address) puts what the address shows onto the page;
 * onLost() is called where it is gone by now; run() is the run of a held key, one object from press to
 * release, if there is one: what it runs past is one step, not one each; rename(address) is what an address
 * that was shown is called from now on. go(address, { instead }) shows an address and puts it into the
 * history. "walked" is dispatched on the document once one came back or went on, for a sheet that opened. */
export const place = () => location.pathname + location.search;

export function followHistory({ show, onLost, run, rename }) {
  let at = place();

  // htmx writes the history itself. The same address twice is no step, nor is one that is run past.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { history: update } = event.detail;
    const running = run();
    if (update.type === "push" && (update.path === at || running?.pushed)) update.type = "replace";
    else if (running) running.pushed = true;
    at = update.path;
  });

  // Before htmx's own listener, which would load the whole page.
  addEventListener(
    "popstate",
    async (event) => {
      event.stopImmediatePropagation();
      document.dispatchEvent(new Event("walked"));
      if (place() === at) return; // a sheet closed, or a place on the page was jumped to
      at = place();
      if (!(await show(at))) onLost();
    },
    true,
  );

  async function go(address, { instead = false } = {}) {
    if (!(await show(address))) return;
    const shown = rename(address);
    if (instead || shown === at) history.replaceState({ htmx: true }, "", shown);
    else history.pushState({ htmx: true }, "", shown);
    at = shown;
  }

  return { go };
}
