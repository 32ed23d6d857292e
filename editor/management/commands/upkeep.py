"""Put right what needs it: every few seconds what stopped, every hour what only grows."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections
from redis.exceptions import RedisError

from accounts.export import making
from editor.api import webhooks
from editor.tasks import heartbeat
from editor.work import maintenance

logger = logging.getLogger(__name__)

HOUR, AGAIN = 3600.0, 60.0
# Seconds within which the making of a copy lets go.
LET_GO = 5.0


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=5.0, help="Seconds between two looks.")
        parser.add_argument("--once", action="store_true", help="Do all of it once and stop.")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        if once:
            maintenance.run_often()
            maintenance.run_hourly()
            webhooks.deliver_due()
            making.make_due()
            return
        stop = threading.Event()

        def ask_to_stop(signum: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        with heartbeat.keep_beating(heartbeat.UPKEEP):
            self.go_on(stop, every)

    def go_on(self, stop: threading.Event, every: float) -> None:
        """Look again and again, until told to stop."""
        # A slow receiver of a call must not keep a dead worker's task waiting.
        threading.Thread(target=webhooks.keep_delivering, args=(stop,), daemon=True).start()
        # Nor must a copy of somebody's data, which takes minutes. It lets go when told to stop.
        maker = threading.Thread(target=making.keep_making, args=(stop,), daemon=True)
        maker.start()
        lookout = heartbeat.Lookout()
        hourly_at = time.monotonic() + 60
        while not stop.wait(every):
            close_old_connections()
            try:
                maintenance.run_often()
                lookout.look()
                if time.monotonic() >= hourly_at:
                    # What stopped it in its midst may be gone in a minute.
                    hourly_at = time.monotonic() + AGAIN
                    maintenance.run_hourly()
                    hourly_at = time.monotonic() + HOUR
            except (DatabaseError, InterfaceError, RedisError, OSError):
                # A database that is away comes back; a look that failed is made again.
                logger.exception("Upkeep could not finish; it tries again.")
        maker.join(LET_GO)
