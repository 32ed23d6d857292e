"""Say what would be answered to a program's call: a curl line, or a method, an address and fields."""

import shlex
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from editor.api.moving import sample_call, verdicts


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("call", nargs="*", help="The call, in quotes; without it, it is read from input.")

    def handle(self, *, call: list[str], **options: Any) -> None:
        text = (call[0] if len(call) == 1 else shlex.join(call)) if call else sys.stdin.read()
        try:
            verdict = verdicts.judge(sample_call.read_call(text))
        except sample_call.NotACall as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(f"{verdict.status}  {verdict.sentence}")
        for note in verdict.notes:
            self.stdout.write(f"     {note}")
        if verdict.body or verdict.asked:
            self.stdout.write(verdict.body or f"The engine would be asked for:\n{verdict.asked}")
        if not verdict.is_taken:
            raise CommandError("This call would be refused.")
