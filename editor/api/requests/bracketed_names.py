"""Names with brackets, as PHP, Rails, axios and the library qs send arrays and what lies within something.

`type[]` and `type[0]` are `type`, `background[color]` is `background.color`, and `rectangles[0][x]` is a
number of the first of a list. What came under its plain name counts before that.
"""

import json
import re
from collections.abc import Collection
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

BRACKETED = re.compile(r"([^\[\]]{1,60})((?:\[[^\[\]]{0,40}\]){1,3})")
KEY = re.compile(r"\[([^\[\]]*)\]")


def read_brackets(
    data: QueryDict, files: "MultiValueDict[str, Any]", known: Collection[str], plain: Collection[str] = ()
) -> None:
    """Give what came under a name with brackets its plain one, where that is known.

    plain: names that a better place has already; they stay as they are there.
    """
    taken = {*plain, *data, *files}
    lists: dict[str, dict[str, dict[str, str]]] = {}
    for found in (data, files):
        for name in list(found):
            base, keys = split_name(name)
            target = ".".join((base, *keys)).rstrip(".")
            if not keys or base in taken:
                continue
            if len(keys) == 2 and is_index(keys[0]) and base in known and found is data:
                lists.setdefault(base, {}).setdefault(keys[0], {})[keys[1]] = data.pop(name)[-1]
                continue
            target = base if len(keys) == 1 and is_index(keys[0]) else target
            if target in known and target not in taken:
                found.setlist(target, found.getlist(target) + found.getlist(name))
                del found[name]
    for base, items in lists.items():
        data[base] = json.dumps([items[index] for index in sorted(items, key=lambda at: int(at or 0))])


def split_name(name: str) -> tuple[str, list[str]]:
    """Return a name without its brackets, and what stands in each of them."""
    found = BRACKETED.fullmatch(name)
    return (found[1], KEY.findall(found[2])) if found else (name, [])


def is_index(key: str) -> bool:
    """Whether what stands in brackets is a place in a list."""
    return not key or (key.isascii() and key.isdigit())
