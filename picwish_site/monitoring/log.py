"""The log's lines."""

import copy
import logging

LONGEST = 500  # characters


class OneLine(logging.Formatter):
    """A record in one line of bounded length, without a trace.

    For what strangers can bring about as often as they like, a wrong Host header for one.
    """

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return " ".join(super().format(bare).split())[:LONGEST]
