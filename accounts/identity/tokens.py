"""ID tokens and logout tokens of OpenID Connect, and whether one is to be believed.

OpenID Connect Core 1.0, section 3.1.3.7. The signature is checked though the token came straight from the
provider, where the standard would let it be: a studio's issuer may be on plain HTTP within its own network.
"""

import hmac
import time
from typing import Any

import jwt

# With a public key all of them: no `none`, and nothing that a shared secret could sign.
ALGORITHMS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}
# Seconds by which two clocks may differ.
LEEWAY = 60
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Seconds after which a token that ends sessions comes too late, whatever it says of its own end.
LOGOUT_LASTS = 600


class Unbelievable(Exception):
    """A token says something that its issuer did not say, or not to us, or not now."""


def read_id_token(
    token: str, keys: list[dict[str, Any]], *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Return the claims of a token. keys: the issuer's, as JWK. Raises Unbelievable."""
    claims = read_token(token, keys, issuer, client_id, ["sub"])
    # What makes a token good for one sign-in alone, and for the browser that began it.
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
        raise Unbelievable("The token answers another request.")
    return claims


def read_logout_token(
    token: str, keys: list[dict[str, Any]], *, issuer: str, client_id: str
) -> dict[str, Any]:
    """Return the claims of a token that ends sessions. keys: the issuer's, as JWK. Raises Unbelievable.

    OpenID Connect Back-Channel Logout 1.0, section 2.6. Whether it came before is for who has a memory.
    """
    claims = read_token(token, keys, issuer, client_id, ["jti"])
    if abs(time.time() - claims["iat"]) > LOGOUT_LASTS + LEEWAY:
        raise Unbelievable("The token is too old.")
    said = claims.get("events")
    if not isinstance(said, dict) or not isinstance(said.get(LOGOUT_EVENT), dict):
        raise Unbelievable("The token does not say that somebody signed out.")
    # Which would make it an ID token's double.
    if "nonce" in claims:
        raise Unbelievable("The token has a nonce, as no token has that ends a session.")
    if not isinstance(claims["jti"], str) or not claims["jti"]:
        raise Unbelievable("The token has no number of its own.")
    if not claims.get("sub") and not claims.get("sid"):
        raise Unbelievable("The token says neither who signed out nor which session it was.")
    if any(not isinstance(claims.get(name, ""), str) for name in ("sub", "sid")):
        raise Unbelievable("The token names a person or a session by what is no text.")
    return claims


def read_token(
    token: str, keys: list[dict[str, Any]], issuer: str, client_id: str, needed: list[str]
) -> dict[str, Any]:
    """Return the claims of a token that this issuer signed, for this client and no other, for now."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=choose_key(keys, header),
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "exp", "iat", *needed]},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as exc:
        raise Unbelievable(f"{type(exc).__name__}: {exc}") from exc
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise Unbelievable("The token is for others as well, and was not asked for by this studio.")
    return claims


def choose_key(keys: list[dict[str, Any]], header: dict[str, Any]) -> jwt.PyJWK:
    """Return the key that a token's header names, for the algorithm that it names. Raises Unbelievable."""
    algorithm = header.get("alg")
    fitting = [
        key
        for key in keys
        if algorithm in ALGORITHMS.get(key.get("kty", ""), ())
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and header.get("kid") in (None, key.get("kid"))
    ]
    if len(fitting) != 1:
        raise Unbelievable(f"The issuer has no single key for {algorithm!r} and {header.get('kid')!r}.")
    return jwt.PyJWK.from_dict(fitting[0], algorithm=algorithm)
