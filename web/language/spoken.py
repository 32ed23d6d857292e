"""The English sentences of the rooms below the pages, read from their source, for the catalogue of messages.

They stand there as they are, without a mark: engines and services know nothing of languages. A sentence with
values in it becomes a message with their names; web/language/sentences.py finds it again by the pattern.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Files whose sentences people may read, and what of them nobody does but on the command line.
ROOMS = (
    "editor/tools.py",
    "editor/states.py",
    "editor/finishes.py",
    "editor/engines/**/*.py",
    "editor/providers/**/*.py",
    "editor/remote/*.py",
    "editor/tasks/*.py",
    "editor/work/**/*.py",
    "editor/files/*.py",
    "editor/views/tools/*.py",
    "accounts/deletion.py",
    "accounts/export/*.py",
    "accounts/ledger.py",
    "accounts/staff_actions.py",
    "accounts/identity/refusals.py",
    "accounts/admin/actions.py",
    "accounts/views/second_factor.py",
    "picwish_site/monitoring/health.py",
)
SILENT = re.compile(
    r"engines/(networks/weight|blender/|terminal|batch/|scenes/(vocabulary|templates|prompt/(language|objects)))"
    r"|__main__|command|providers/client/|work/wakeups|ruff"
)
# Calls whose text is for logs, programs or programmers.
UNSPOKEN = re.compile(
    r"logger|record|add_argument|execute|compile|Error$|Unavailable|TypeVar|getLogger|DoesNotExist|get_model"
)
# Calls and names that hold words of people, though they are no sentences.
WORDS = re.compile(
    r"^(ToolSpec|Swatch|ToolButton|Alignment|Act|Refusal|Ring|Standing|NotReady|Trouble|after_adding)$"
)
NAMES = re.compile(
    r"^(WORDS|SENTENCES|TITLES|REASONS|KINDS|TOOK|UNCERTAIN|SWITCHED_OFF|NO_BLENDER|what"
    r"|SIGNATURES|RIFF|ZIPS|MARKUP|PATTERNS|\(.*(TEXT|MUSIC).*\))$"
)
# Of such a call: what is a name, a style or an address, not words.
NO_WORDS = {"icon", "part", "endpoint", "queue", "style", "url", "right", "name", "value", "tool", "parts"}
# An entry of the audit log, as it is written.
ACT = re.compile(r'\b(?:audit\.record|record_action)\(\s*[\w.]+,\s*"([^"]+)"')
SENTENCE = re.compile(r"[.!?”]( %\(\w+\)s)?$")


def list_spoken(root: Path = ROOT) -> list[str]:
    """Return every message that a reader's language should have, each once, in the files' order."""
    found: dict[str, None] = {}
    for pattern in ROOMS:
        for path in sorted(root.glob(pattern)):
            if not SILENT.search(path.relative_to(root).as_posix()):
                found |= dict.fromkeys(read_messages(path.read_text()))
    return list(found)


def list_acts(root: Path = ROOT) -> list[str]:
    """Return what the audit log says was done, each once."""
    found: dict[str, None] = {}
    for room in ("accounts", "editor", "picwish_site"):
        for path in sorted((root / room).rglob("*.py")):
            found |= dict.fromkeys(ACT.findall(path.read_text()))
    return list(found)


def read_messages(source: str) -> Iterator[str]:
    """Yield the messages of a module."""
    tree = ast.parse(source)
    above = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        message = make_message(node)
        if message and not is_within_text(node, above) and is_spoken(node, message, above):
            yield message


def make_message(node: ast.AST) -> str:
    """Return a text as a message, "" if it is none or has no words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        names: dict[str, str] = {}
        text = "".join(write_part(part, names) for part in node.values)
    else:
        return ""
    text = text.strip()
    return text if re.search(r"[A-Za-z]{2}", re.sub(r"%\(\w+\)s", "", text)) and "\n" not in text else ""


def write_part(part: ast.expr, names: dict[str, str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value).replace("%", "%%")
    return f"%({name_value(part.value, names)})s" if isinstance(part, ast.FormattedValue) else ""


def name_value(value: ast.expr, names: dict[str, str]) -> str:
    """Return a name for what is filled in, the same for the same; names: those that were given, by value."""
    said = ast.unparse(value)
    if said not in names:
        last = re.findall(r"[a-z][a-z_]*[a-z]|[a-z]|[A-Z][A-Z_]+", re.sub(r"\(.*\)|\[.*\]|'.*'", "", said))
        name = (last[-1] if last else "value").lower()
        while name in names.values():
            name += "_"
        names[said] = name
    return names[said]


def is_within_text(node: ast.AST, above: dict[int, ast.AST]) -> bool:
    """Whether it is a piece of a larger text, or a docstring."""
    parent: ast.AST | None = above.get(id(node))
    if isinstance(parent, ast.Expr):
        return True
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.JoinedStr):
            return True
        parent = above.get(id(parent))
    return False


def is_spoken(node: ast.AST, message: str, above: dict[int, ast.AST]) -> bool:
    """Whether people read a text: by how it ends, or by where it stands."""
    child, parent, words = node, above.get(id(node)), False
    while parent is not None:
        if isinstance(parent, ast.Call) and child is not parent.func:
            called = ast.unparse(parent.func)
            if UNSPOKEN.search(called):
                return False
            named = isinstance(child, ast.keyword) and child.arg in NO_WORDS
            styled = called == "Swatch" and child is not parent.args[1]
            styled = styled or (called == "Act" and (child is parent.args[0] or child is parent.args[2]))
            words = words or (bool(WORDS.match(called)) and not named and not styled)
        if isinstance(parent, ast.Subscript | ast.Compare) or (
            isinstance(parent, ast.Dict) and any(child is key for key in parent.keys)
        ):
            return False
        if isinstance(parent, ast.AnnAssign):
            words = words or bool(NAMES.match(ast.unparse(parent.target)))
        if isinstance(parent, ast.Assign):
            words = words or any(NAMES.match(ast.unparse(target)) for target in parent.targets)
        if isinstance(parent, ast.stmt):
            break
        child, parent = parent, above.get(id(parent))
    if words:
        return not re.match(
            r"^[a-z_/.-]+[/.][a-z_/.-]*$|^#|^(jpg|png|webp|bmp|avif|tif|heic|rgb|raw)$", message
        )
    return bool(SENTENCE.search(message)) and " " in message and bool(re.match(r"[A-Z%“‘'{]", message))
