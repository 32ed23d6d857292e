"""The store of pictures in S3, whose troubles are told in the words that the studio knows.

What passes by itself is an outages.StoreAway: no answer, a 5xx, a call that came too fast, a sum that does
not match. All else is another OSError, FileNotFoundError among them, with the store's own words.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from web.outages import StoreAway

# Of one call: it is tried a few times within these, and again by whoever outlasts a StoreAway.
CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 20, 3
# Codes below 500 of what another try may well pass.
PASSING = frozenset(
    {
        "BadDigest",
        "OperationAborted",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "SlowDown",
        "Throttling",
        "TooManyRequests",
        "XAmzContentChecksumMismatch",
        "XAmzContentSHA256Mismatch",
    }
)
FULL = frozenset({"QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull"})
WRONG_SETTINGS = (NoCredentialsError, PartialCredentialsError, ParamValidationError)


def explain(exc: Exception) -> OSError:
    """Return what an error of boto3's means for the studio."""
    if not isinstance(exc, ClientError):
        return OSError(str(exc)) if isinstance(exc, WRONG_SETTINGS) else StoreAway(str(exc))
    status = int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    code = str(exc.response.get("Error", {}).get("Code", ""))
    if code in FULL or status == 507:
        return OSError(errno.ENOSPC, str(exc))
    if status >= 500 or status == 429 or code in PASSING:
        return StoreAway(str(exc))
    if status == 404 and code != "NoSuchBucket":
        return FileNotFoundError(errno.ENOENT, str(exc))
    return OSError(str(exc))


@contextmanager
def explained() -> Iterator[None]:
    """Have what boto3 raises within told in the studio's words."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError, RetriesExceededError) as exc:
        raise explain(exc) from exc


class PictureFile(S3File):
    """A file in the store, fetched whole when it is first read."""

    _file: Any

    def _get_file(self) -> IO[bytes]:
        had = self._file
        try:
            with explained():
                return super()._get_file()
        except OSError:
            # What did not come whole is not there: read again, it is asked for again.
            if had is None and self._file is not None:
                self._file.close()
                self._file = None
            raise

    file = property(_get_file, S3File._set_file)

    def open_part(self, bounds: str) -> IO[bytes]:
        """Return a stream of some of its bytes, "first-last", without fetching the others."""
        with explained():
            return self.obj.get(Range=f"bytes={bounds}")["Body"]


class PictureStore(S3Storage):
    """A bucket of an S3 store."""

    client_config: Config

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        patience = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
        )
        self.client_config = self.client_config.merge(patience)

    def _open(self, name: str, mode: str = "rb") -> PictureFile:
        with explained():
            return PictureFile(self._normalize_name(clean_name(name)), mode, self)

    def _save(self, name: str, content: Any) -> str:
        with explained():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with explained():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with explained():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with explained():
            folders, files = super().listdir(name)
            return folders, files

    def walk(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Yield the names of all files below a folder, and when each was written."""
        start = f"{self._normalize_name(clean_name(folder))}/"
        with explained():
            for entry in self.bucket.objects.filter(Prefix=start):
                yield f"{folder}/{entry.key.removeprefix(start)}", entry.last_modified

    def size(self, name: str) -> int:
        with explained():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with explained():
            moment: datetime = super().get_modified_time(name)
            return moment
