/* One calm line over the stage while the studio cannot be reached, or the session ended.
 *
 * showLost(), showSignedOut(), showReached(): said by whoever polls; the line comes, changes and goes with them.
 * Polling itself never stops for it: the next second may do better. htmx's polls (data-poll) are
 * listened to here. When the browser is online again, "poll" is sent to all that polls, at once. */
const line = document.getElementById("connection");

/** @param {string} text */
function show(text, address = "") {
  if (line.dataset.text === text) return;
  line.dataset.text = text;
  line.textContent = text;
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.textContent = gettext("Sign in");
    line.append(" ", link);
  }
  line.hidden = !text;
}

export const showLost = () => show(gettext("Connection lost. Trying again …"));
export const showSignedOut = () =>
  show(gettext("You were signed out. Nothing is lost."), document.body.dataset.signIn);
export const showReached = () => show("");

const polls = (event) => event.target.closest?.("[data-poll]");

document.addEventListener("htmx:sendError", (event) => {
  if (polls(event)) showLost();
});
document.addEventListener("htmx:timeout", (event) => {
  if (polls(event)) showLost();
});
document.addEventListener("htmx:responseError", (event) => {
  if (!polls(event)) return;
  const { status } = event.detail.xhr;
  if (status === 401) showSignedOut();
  else if (status >= 500) showLost();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400) showReached();
});
addEventListener("offline", showLost);
addEventListener("online", () => {
  for (const element of document.querySelectorAll("[data-poll]")) htmx.trigger(element, "poll");
  document.dispatchEvent(new CustomEvent("poll"));
});
