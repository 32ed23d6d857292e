/* Passkeys: a form whose button asks the browser to make one, or for one that it has.
 *
 * <form data-passkey="new|step|sign-in|prove" data-options="address"> gets the question from that address,
 * has the browser answer it, and is sent with the answer in its field "credential". Where the browser knows
 * no passkeys, or without this script, the form stays hidden and the other ways are there.
 */
import { token } from "./csrf.js";
import { say } from "./toasts.js";

/** @param {string} text base64url → bytes */
function decode(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer bytes → base64url */
function encode(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readQuestion({ publicKey }) {
  const question = { ...publicKey, challenge: decode(publicKey.challenge) };
  if (question.user) question.user = { ...question.user, id: decode(question.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (question[list]) question[list] = question[list].map((one) => ({ ...one, id: decode(one.id) }));
  }
  return question;
}

/** @param {any} credential */
function writeAnswer(credential) {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const body = new URLSearchParams({ for: form.dataset.passkey });
  const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch" };
  const answered = await fetch(form.dataset.options, { method: "POST", body, headers });
  if (!answered.ok) throw new Error(await answered.text());
  const publicKey = readQuestion(await answered.json());
  return form.dataset.passkey === "new"
    ? navigator.credentials.create({ publicKey })
    : navigator.credentials.get({ publicKey });
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (
  document.querySelectorAll("form[data-passkey]")
)) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const field = /** @type {HTMLInputElement} */ (form.querySelector("[name=credential]"));
      field.value = writeAnswer(await ask(form));
      form.elements.csrfmiddlewaretoken.value = token();
      form.submit();
    } catch (error) {
      button.disabled = false;
      // The browser says in one word only that nothing came of it: left, too late, or none there.
      say(
        error.name === "Error" && error.message ? error.message : gettext("No passkey was shown. Try again."),
      );
    }
  });
}
