"""Values that the environment gives in a form Django does not take as it is.

Each function turns one URL into one setting and fails loudly, naming the variable, when the URL
is none of those it knows.
"""

import hashlib
import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import limits
from django.core.exceptions import ImproperlyConfigured

# A server that is there no more, or a network that is cut, says nothing: without these libpq waits for a
# quarter of an hour. Seconds, but the last one, which is in milliseconds.
PATIENCE_WITH_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
# The same of the server's, which else keeps the locks of whoever is cut off. Seconds, and milliseconds.
PATIENCE_OF_POSTGRESQL = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    "-c tcp_user_timeout=20000 -c idle_in_transaction_session_timeout=30000"
)
PATIENCE_WITH_REDIS = {
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "socket_keepalive_options": {socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3},
}


@dataclass(frozen=True)
class Service:
    """How a service is reached, as far as the environment says it."""

    base_url: str
    key: str = field(repr=False)
    heeds_idempotency_keys: bool


def secret_key(given: str, data_dir: Path) -> str:
    """Return the key of the environment, or this installation's own, made once and kept private."""
    if given:
        return given
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive and private from the first byte, so two processes starting at once agree.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path} is empty or cut short. Delete it, or set SECRET_KEY.")
    return key


def write_secret_key(path: Path, key: str) -> None:
    """Put another key in the place of an installation's own, at once and readable by nobody else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
    os.replace(draft, path)


def cookie_prefix(key: str, site_url: str) -> str:
    """Return what the names of this installation's cookies begin with; its machines share it.

    Not by the key alone, which somebody may give to all of their studios.
    """
    return "sweep-" + hashlib.sha256(f"cookies\n{site_url}\n{key}".encode()).hexdigest()[:8]


def limit(variable: str, given: str) -> str:
    """Return limits such as "6/hour;20/day" as they are given."""
    try:
        limits.parse_many(given)
    except ValueError:
        raise ImproperlyConfigured(
            f"{variable} is {given!r}. Use a number and a time, such as 6/hour or 6/hour;20/day."
        ) from None
    return given


def database(parsed: dict[str, Any]) -> dict[str, Any]:
    """Add to a parsed DATABASE_URL what its engine needs to hold up under many processes.

    SQLite: WAL lets readers and one writer work side by side; IMMEDIATE takes the write lock at
    the start of a transaction, where waiting for it works (a later upgrade fails at once with
    "database is locked"); FULL because credits are in it.
    """
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        parsed.setdefault("OPTIONS", {}).update(
            transaction_mode="IMMEDIATE",
            timeout=20,
            init_command=(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
                "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
            ),
        )
    elif parsed["ENGINE"] == "django.db.backends.postgresql":
        # ASGI serves each request on a thread of its own: connections live in a pool, not in threads.
        parsed["CONN_MAX_AGE"] = 0
        # Those in it that a restart of the server has cut give way to new ones before anybody gets them.
        parsed["CONN_HEALTH_CHECKS"] = True
        options = parsed.setdefault("OPTIONS", {})
        options.setdefault("pool", {"min_size": 1, "max_size": 16, "timeout": 20})
        for name, value in PATIENCE_WITH_POSTGRESQL.items():
            options.setdefault(name, value)
        options["options"] = f"{options.get('options', '')} {PATIENCE_OF_POSTGRESQL}".strip()
    return parsed


def storage(url: str) -> dict[str, Any]:
    """Return the STORAGES entry of pictures for file:///folder or s3://bucket/prefix?endpoint=…&region=…."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return {
            "BACKEND": "editor.files.picture_folder.PictureFolder",
            "OPTIONS": {
                "location": unquote(parts.path),
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if parts.scheme == "s3" and parts.hostname:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        unknown = query.keys() - {"endpoint", "region"}
        if unknown:
            raise ImproperlyConfigured(f"STORAGE_URL has unknown options: {', '.join(sorted(unknown))}.")
        options: dict[str, Any] = {
            # The name as written: urlsplit's hostname would fold its case.
            "bucket_name": parts.netloc.rpartition("@")[2],
            "location": unquote(parts.path.strip("/")),
            "default_acl": "private",
            # Names are drawn by lot, or say what is in the file: nobody need ask whether one is taken.
            "file_overwrite": True,
            "querystring_auth": True,
            # The only one that all stores take, and whose addresses say in seconds how long they hold.
            "signature_version": "s3v4",
            # Larger files go through a temporary file: the web process stays small.
            "max_memory_size": 2 * 2**20,
        }
        if parts.username:
            options["access_key"] = unquote(parts.username)
            options["secret_key"] = unquote(parts.password or "")
        if "endpoint" in query:
            options["endpoint_url"] = query["endpoint"]
        if "region" in query:
            options["region_name"] = query["region"]
        return {"BACKEND": "editor.files.picture_store.PictureStore", "OPTIONS": options}
    raise ImproperlyConfigured(
        f"STORAGE_URL is {url!r}. Use file:///folder or s3://bucket/prefix?endpoint=…&region=…."
    )


def direct_addresses(given: str) -> str:
    """Return "true", the address of a store as visitors reach it, or "" where nobody is sent there."""
    words = given.strip().rstrip("/")
    if words.lower() in {"", "false", "no", "0"}:
        return ""
    if words.lower() in {"true", "yes", "1"}:
        return "true"
    if wrong_with_address(words):
        raise ImproperlyConfigured(
            f"DIRECT_ADDRESSES is {given!r}. Use true, or https://host of the store as visitors reach it."
        )
    return words


def counting(url: str) -> str:
    """Return where requests per second are counted, as it is given."""
    if urlsplit(url).scheme not in {"memory", "redis", "rediss"}:
        raise ImproperlyConfigured(f"RATE_LIMIT_URL is {url!r}. Use memory:// or redis://host:6379/2.")
    return url


def origins(given: list[str]) -> list[str]:
    """Return other sites' origins as browsers name them: scheme and host, and a port that is not usual."""
    found = [one.strip().rstrip("/").lower() for one in given if one.strip()]
    for one in found:
        parts = urlsplit(one)
        if one != "*" and (
            parts.scheme not in {"http", "https"} or one != f"{parts.scheme}://{parts.netloc}"
        ):
            raise ImproperlyConfigured(f"CORS_ORIGINS has {one!r}. Use https://host, http://host:port, or *.")
    return found


def mailer(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the MAILERS entry for a parsed EMAIL_URL, whose reader still says it in EMAIL_… settings."""
    backend = parsed.get("EMAIL_BACKEND", "")
    if not backend:
        raise ImproperlyConfigured(
            "EMAIL_URL starts with no scheme that is known. "
            "Use smtp://user:password@host:587/?tls=true, file:///folder or console://."
        )
    if backend.endswith(".smtp.EmailBackend"):
        names = {
            "host": "HOST",
            "port": "PORT",
            "username": "HOST_USER",
            "password": "HOST_PASSWORD",
            "use_tls": "USE_TLS",
            "use_ssl": "USE_SSL",
            "timeout": "TIMEOUT",
        }
    else:
        names = {"file_path": "FILE_PATH"} if ".filebased." in backend else {}
    return {
        "BACKEND": backend,
        "OPTIONS": {option: parsed[f"EMAIL_{name}"] for option, name in names.items()},
    }


def tasks(url: str, queues: list[str]) -> dict[str, Any]:
    """Return the TASKS entry for database:// or redis://host:port/number."""
    scheme = urlsplit(url).scheme
    if scheme == "database":
        return {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": queues}
    if scheme in {"redis", "rediss"}:
        return {"BACKEND": "django_tasks_rq.RQBackend", "QUEUES": queues}
    raise ImproperlyConfigured(f"TASKS_URL is {url!r}. Use database:// or redis://host:6379/0.")


def choice(variable: str, given: str, allowed: Sequence[str]) -> str:
    """Return one of some words as it is given, "" where none is."""
    if given and given not in allowed:
        raise ImproperlyConfigured(f"{variable} is {given!r}. Use one of: {', '.join(allowed)}.")
    return given


def service_url(variable: str, given: str) -> str:
    """Return a service's address without a slash at its end, "" where none is given."""
    trouble = wrong_with_address(given)
    if trouble:
        raise ImproperlyConfigured(f"{variable} is {given!r}. {trouble}")
    return given.rstrip("/")


def wrong_with_address(given: str) -> str:
    """Return what is wrong with a service's address, for people; "" if nothing is, or none is given."""
    try:
        parts = urlsplit(given)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if given and (not sound or parts.username or parts.password or parts.query or parts.fragment):
        return "Use https://host or http://host:port, with a path at most; the key goes beside it."
    return ""
