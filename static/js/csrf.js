/* token() → the CSRF token as the cookie has it now.
 *
 * Read afresh for each request: a sign-in in another tab changes it, and a page that stood open
 * since must go on working. */
export function token() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
}
