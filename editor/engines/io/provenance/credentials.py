"""Content credentials (C2PA 2): a claim of what a file is, signed with a key of the studio's own.

Who trusts the studio's root certificate can tell that a file left the studio as it is; to everybody else it
is a valid signature of somebody unknown. Nothing is asked of a network: no time stamp, no revocation.

The library is optional (requirements-credentials.txt).
"""

from __future__ import annotations

import datetime
import functools
import importlib.util
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editor.engines.errors import InvalidOptions

from .statement import GENERATED, SCHEME, Statement, join_elements

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

KEY, CHAIN, ROOT = "signer.key", "signer.pem", "root.pem"
YEARS = 10
FORMATS = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "tiff": "image/tiff",
}
"""What is signed; a psd has no place for it."""
ALTERED = "algorithmicallyEnhanced"
"""Kind of a photo whose product was cut out, as IPTC has it: media that an algorithm altered."""
MISSING = (
    "Content credentials need the package c2pa-python, which is not installed here. Install "
    "requirements-credentials.txt, or take them out of the recipe."
)
SETTINGS = {
    # A small copy of what was before could show what was cut away.
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


def is_installed() -> bool:
    """Say whether files can be signed here at all."""
    return importlib.util.find_spec("c2pa") is not None


def has_identity(folder: Path) -> bool:
    """Say whether there is a key to sign with."""
    return all((folder / name).is_file() for name in (KEY, CHAIN))


@dataclass(frozen=True)
class Signing:
    """A key to sign with, and what the photo says of its origin. folder: as make_identity left it."""

    folder: Path
    source: Statement = field(default_factory=Statement)

    def check(self) -> None:
        """Raise InvalidOptions where nothing can be signed."""
        if not is_installed():
            raise InvalidOptions(MISSING)
        if not has_identity(self.folder):
            raise InvalidOptions("There is no key to sign with. Make one, or take content credentials out.")

    def sign(self, path: Path, format: str, others: Sequence[Statement] = ()) -> None:
        """Sign a file, in its place. others: what the pictures say that the product was put together with.

        A format that has no place for it stays as it is. Raises InvalidOptions where it cannot be signed.
        """
        if format not in FORMATS:
            return
        self.check()
        import c2pa

        kind = join_elements(self.source, others).kind if others else self.source.kind
        signed = io.BytesIO()
        try:
            builder = c2pa.Builder(describe(kind), _make_context())
            with path.open("rb") as file:
                builder.sign(_read_signer(self.folder), FORMATS[format], file, signed)
        except c2pa.C2paError as exc:
            raise InvalidOptions(f"The file could not be signed: {exc}. Make the key anew.") from exc
        path.write_bytes(signed.getvalue())


def describe(kind: str) -> dict[str, Any]:
    """Return the claim of a file, of which its source is of that kind."""
    true = kind if kind in GENERATED or kind.startswith("composite") else ALTERED
    created = {"action": "c2pa.created", "digitalSourceType": f"{SCHEME}{true}"}
    return {
        "claim_generator_info": [{"name": "Sweep"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


def make_identity(folder: Path, name: str) -> None:
    """Make a key to sign with, its certificate, and the root by which others can trust that.

    name: of the studio, which each signature bears. What is there already stays. Raises OSError.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    if has_identity(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)

    def call(part: str) -> x509.Name:
        return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, f"{name}, {part}"[:64])])

    root = _certify(call("root"), root_key, call("root"), root_key, is_root=True)
    own = _certify(call("files"), key, call("root"), root_key, is_root=False)
    # Nobody signs with the root again: its key is not kept.
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = [one.public_bytes(serialization.Encoding.PEM) for one in (own, root)]
    (folder / ROOT).write_bytes(chain[1])
    (folder / CHAIN).write_bytes(b"".join(chain))
    handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)


def _certify(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    """Return a certificate as C2PA asks for it (its specification, "X.509 certificates")."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID

    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if not is_root:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        made = made.add_extension(purposes, critical=False)
    return made.sign(signer, hashes.SHA256())


@functools.cache
def _make_context() -> Any:
    import c2pa

    return c2pa.Context.from_dict(SETTINGS)


@functools.lru_cache(maxsize=4)
def _read_signer(folder: Path) -> Any:
    import c2pa

    chain, key = ((folder / name).read_bytes() for name in (CHAIN, KEY))
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
