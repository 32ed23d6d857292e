/* The way back from the trash.
 *
 * restoreDeleted(address, moment) → whether all that was thrown away at that moment is back from the trash.
 * What came, or why nothing did, is said. */
import { token } from "./csrf.js";
import { say } from "./toasts.js";

/**
 * @param {string} address
 * @param {string} moment
 */
export async function restoreDeleted(address, moment) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "X-Requested-With": "fetch", "X-CSRFToken": token() },
      body: new URLSearchParams({ moment }),
    });
    if (response.ok) {
      say((await response.json()).sentence);
      return true;
    }
    const plain = (response.headers.get("Content-Type") || "").startsWith("text/plain");
    say(
      plain
        ? await response.text()
        : gettext("That did not work. It is still in the trash; bring it back there."),
    );
  } catch {
    say(gettext("The studio could not be reached. It is still in the trash; bring it back there."));
  }
  return false;
}
