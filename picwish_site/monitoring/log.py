"""The log's lines."""

import copy
import json
import logging
from datetime import UTC, datetime

from web import observation

LONGEST = 500  # characters


class OneLine(logging.Formatter):
    """A record in one line of bounded length, without a trace.

    For what strangers can bring about as often as they like, a wrong Host header for one.
    """

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return " ".join(super().format(bare).split())[:LONGEST]


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with the ids of the request, task and person that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **observation.get_ids(),
            "process": record.process,
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class BareJsonLines(JsonLines):
    """The same of bounded length and without a trace, as OneLine is."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.msg, bare.args = " ".join(record.getMessage().split())[:LONGEST], None
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return super().format(bare)
