"""A device with a passkey, of a few lines: what a browser answers for it, made by hand (WebAuthn 2)."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

ORIGIN = "http://localhost"
# Of the authenticator's data: somebody was there, was verified; a key comes along.
PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


def encode(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


class Device:
    """verifies: whether it asks for finger, face or PIN."""

    def __init__(self, verifies: bool = True) -> None:
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.flags, self.user = PRESENT | (VERIFIED if verifies else 0), ""

    def say(self, kind: str, options: dict[str, Any], origin: str) -> bytes:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": origin}
        return json.dumps({**said, "crossOrigin": False}).encode()

    def data(self, flags: int) -> bytes:
        return hashlib.sha256(b"localhost").digest() + struct.pack(">BI", flags, 0)

    def make(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """Answer what navigator.credentials.create() was asked."""
        self.user = options["publicKey"]["user"]["id"]
        place = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: place.x.to_bytes(32, "big"), -3: place.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(key)
        made = {"fmt": "none", "attStmt": {}, "authData": self.data(self.flags | WITH_KEY) + held}
        response = {
            "clientDataJSON": encode(self.say("webauthn.create", options, origin)),
            "attestationObject": encode(cbor.encode(made)),
        }
        return self.answer(response)

    def show(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """Answer what navigator.credentials.get() was asked."""
        said, data = self.say("webauthn.get", options, origin), self.data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": encode(said),
            "authenticatorData": encode(data),
            "signature": encode(signed),
            "userHandle": self.user,
        }
        return self.answer(response)

    def answer(self, response: dict[str, str]) -> str:
        plain = {"id": encode(self.id), "rawId": encode(self.id), "type": "public-key", "response": response}
        return json.dumps({**plain, "clientExtensionResults": {}})
