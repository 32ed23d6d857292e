"""The suite in several processes (`make test`): which tests stay together, and what begins.

A process is given one file after another. Folders with a studio that all their tests use stay together, or
it would be started once in each process; what takes long begins, so that no process is left with it alone.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# Longest first.
STUDIOS = ("tests/end_to_end/", "tests/api/", "tests/clients/", "tests/desk/", "tests/pages/")


def scope(nodeid: str) -> str:
    """Return the file or folder that a test is run with."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in STUDIOS if path.startswith(folder)), path)


class Sharing(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        first = next((folder for folder in STUDIOS if folder in self.workqueue), None)
        if first:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
