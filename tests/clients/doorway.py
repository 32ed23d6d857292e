"""A way to the studio for clients whose service's name is fixed in them.

It answers for that name itself, with a certificate of an authority made for these tests alone, and passes on
to the studio what comes in. Python's clients are led there by a proxy (HTTPS_PROXY), which opens connections
to that one name and refuses all others; Node's, of which some ask no proxy, by programs/resolve.cjs, by which
the name lies on a port of loopback. So a client runs as it is on disk, and believes it talks to its service.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LASTS = timedelta(days=1)
CHUNK = 64 * 1024  # bytes
PROGRAMS = Path(__file__).parent / "programs"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Authority:
    """One that these tests trust and nobody else; its own certificate is the file `path`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "The tests of clients")])
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = (
            self.begin(self.name, self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.path = folder / "authority.pem"
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def begin(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LASTS)
            .not_valid_after(now + LASTS)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )

    def certify(self, host: str) -> ssl.SSLContext:
        """Return what a server of this name shows who asks."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        made = (
            self.begin(subject, key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


class Doorway:
    """host: the name that it answers for. port: the studio's."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.authority = Authority(folder)
        self.certificate = self.authority.certify(host)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="doorway", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self.proxy = self.listen(self.answer_for_name)
        self.server = self.listen(self.pass_on, ssl=self.certificate)
        return self

    def listen(self, answer: Answer, **options: Any) -> asyncio.Server:
        begun = asyncio.start_server(answer, "127.0.0.1", 0, **options)
        return asyncio.run_coroutine_threadsafe(begun, self.loop).result()

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self.close(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def close(self) -> None:
        self.proxy.close()
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    @property
    def environment(self) -> dict[str, str]:
        """What leads a client here and has it trust the authority: Python's requests, and Node."""
        trusted, proxy = str(self.authority.path), f"http://127.0.0.1:{find_port(self.proxy)}"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": trusted,
            "NODE_EXTRA_CA_CERTS": trusted,
            "NODE_OPTIONS": f"--require {PROGRAMS / 'resolve.cjs'}",
            "RESOLVED_NAME": self.host,
            "RESOLVED_PORT": str(find_port(self.server)),
        }

    async def answer_for_name(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Do as a proxy is asked to: open a connection to the name, which is here."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(f"CONNECT {self.host}:443 ".encode()):
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
                await writer.start_tls(self.certificate)
                await self.pass_on(reader, writer)
            else:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                writer.close()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on to the studio what comes in, and back what it answers."""
        try:
            with contextlib.suppress(OSError):
                beyond, towards = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    await asyncio.gather(carry(reader, towards), carry(beyond, writer))
                finally:
                    towards.close()
        finally:
            writer.close()


def find_port(server: asyncio.Server) -> int:
    return server.sockets[0].getsockname()[1]


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what one side says until it has said all, and let the other side know that."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    finally:
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()
