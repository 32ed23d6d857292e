"""The suite in several processes (`make test`): which tests stay together, and what begins.

A process is given one file after another. Folders with a studio that all their tests use stay together, or
it would be started once in each process; what takes long begins, so that no process is left with it alone.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# These files have a studio of their own beside the one of their folder.
GROWN, UPGRADED = "tests/end_to_end/test_growing.py", "tests/end_to_end/test_upgrade.py"
STUDIOS = ("tests/end_to_end/", "tests/api/", "tests/pages/", "tests/clients/", "tests/desk/")
# What takes long, longest first; each of it is one file or one of the folders.
LONG = (
    *STUDIOS[:3],
    GROWN,
    *STUDIOS[3:],
    "tests/editor/work/test_fair_queue.py",
    "tests/contributing/test_add_a_tool.py",
    "tests/remote/test_flow.py",
    UPGRADED,
)


def scope(nodeid: str) -> str:
    """Return the file or folder that a test is run with."""
    path = nodeid.partition("::")[0]
    if path in {GROWN, UPGRADED}:
        return path
    return next((folder for folder in STUDIOS if path.startswith(folder)), path)


class Sharing(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        first = next((unit for unit in LONG if unit in self.workqueue), None)
        if first:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
