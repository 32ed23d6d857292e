/* The CSRF token of forms and requests.
 *
 * token() → the CSRF token as the cookie has it now.
 *
 * Read afresh for each request: a sign-in in another tab changes it, and a page that stood open
 * since must go on working. The cookie's name is this installation's own; <body> says it. */
export function token() {
  const name = `${document.body.dataset.csrfCookie}=`;
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(name));
  return found ? decodeURIComponent(found.slice(name.length)) : "";
}
