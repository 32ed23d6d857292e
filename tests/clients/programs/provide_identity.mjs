// A provider of identity for one studio, by the certified package oidc-provider. Told by its environment:
// ISSUER, PORT, CLIENT (what the studio is registered as) and CLAIMS (of the one person it knows), as JSON.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.PACKAGES}/`);
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const claims = JSON.parse(process.env.CLAIMS);

const provider = new Provider(process.env.ISSUER, {
  clients: [JSON.parse(process.env.CLIENT)],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  // The studio is on loopback here, where it sends nothing else.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
  interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] },
  // Whoever signs in lets the studio know all that it asks.
  async loadExistingGrant(context) {
    const { client, session, provider: own } = context.oidc;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(context.oidc.params.scope);
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
const form = `<!doctype html><html lang="en"><title>Acme</title><link rel="icon" href="data:,"><form method="post">
  <label>Name <input name="name"></label> <button>Sign in at Acme</button></form></html>`;

createServer(async (request, response) => {
  if (!request.url.startsWith("/who/")) {
    answer(request, response);
  } else if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html").end(form);
  } else {
    let body = "";
    for await (const piece of request) body += piece;
    const login = { accountId: new URLSearchParams(body).get("name") };
    await provider.interactionFinished(request, response, { login });
  }
}).listen(Number(process.env.PORT), "127.0.0.1");
