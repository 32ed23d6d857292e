"""A provider of identity of a few lines, on loopback, with a key of its own: it says what a test wants."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from web.identity import Grant, IdentityProvider

CLIENT_ID, SECRET = "studio", "a secret of the studio's"


@dataclass
class Provider:
    """claims: of whoever signs in, beside what the token needs. token, userinfo, discovery: changes to each.

    algorithm, key: what the token is signed with. codes: given out and not yet used.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    algorithm: str = "RS256"
    signs_with: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    is_down: bool = False
    issuer: str = ""

    def authorize(self, address: str) -> dict[str, str]:
        """Sign somebody in at the address that a browser was led to; return what it brings back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorize?")
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"] or form["client_secret"] != SECRET:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "42", "iat": now, "exp": now + 300}
        said |= {"nonce": asked["nonce"], **self.claims, **self.token}
        said = {name: value for name, value in said.items() if value is not None}
        key = None if self.algorithm == "none" else self.signs_with or self.key
        signed = jwt.encode(said, key, self.algorithm, headers={"kid": "one"})
        return 200, {"access_token": "open", "token_type": "Bearer", "id_token": signed}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        if self.is_down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            at = {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token", "userinfo")
            }
            at |= {"authorization_endpoint": f"{self.issuer}/authorize", "jwks_uri": f"{self.issuer}/keys"}
            at |= {"end_session_endpoint": f"{self.issuer}/end"}
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            return 200, {"issuer": self.issuer, **at, **methods, **self.discovery}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [{**public, "kid": "one", "use": "sig"}]}
        if path == "/token":
            return self.exchange(form)
        if path == "/userinfo":
            return 200, {"sub": "42", **self.claims, **self.userinfo}
        return 404, {}


@contextmanager
def serve(provider: Provider) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            status, said = provider.answer(urlsplit(self.path).path, form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that it looks for

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def named(provider: Provider, **options: Any) -> dict[str, IdentityProvider]:
    """Return the settings of a studio that asks this provider, and calls it Acme."""
    said: dict[str, Any] = {
        "id": "acme",
        "name": "Acme",
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "scopes": ("openid", "email", "profile"),
        "groups_claim": "groups",
        "grants": {
            "photo-admins": Grant(role="Administrator", plan="Unlimited"),
            "helpers": Grant(role="Support"),
        },
        "only_groups": False,
        "makes_accounts": True,
        "trusts_email": False,
        "asks_second_factor": False,
    }
    return {"acme": IdentityProvider(**{**said, **options})}


BEGIN, BACK = reverse("accounts:oidc-begin", args=["acme"]), reverse("accounts:oidc-callback", args=["acme"])


def begin(client: Client, **more: str) -> str:
    """Press the button; return the address that the browser is led to."""
    response = client.post(BEGIN, more)
    assert response.status_code == 200, response.content
    return response["Refresh"].removeprefix("0;url=")


def come_in(client: Client, provider: Provider, **more: str) -> Any:
    """Go there and back; return the studio's answer."""
    return client.get(BACK, provider.authorize(begin(client, **more)))
