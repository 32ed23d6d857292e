/* The credits left in the header, on pages where work is placed without leaving them.
 *
 * An order takes credits, and work that fails gives them back: both change the filmstrip, so the number
 * is asked for again whenever that changed, at most once a second. */
const SOON = 600; // ms
let waiting = 0;

async function refresh() {
  waiting = 0;
  const shown = document.getElementById("credits");
  try {
    const response = await fetch(shown.dataset.href, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) return;
    const part = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = part.getElementById("credits");
    if (fresh && fresh.outerHTML !== shown.outerHTML) shown.replaceWith(document.importNode(fresh, true));
  } catch {
    // The number stays as it was; the filmstrip says when the studio is out of reach.
  }
}

function soon() {
  waiting ||= setTimeout(refresh, SOON);
}

const frames = document.getElementById("frames");
if (frames && document.getElementById("credits")) {
  new MutationObserver(soon).observe(frames, { childList: true, attributes: true, subtree: true });
}
