"""The languages' messages, compiled into the form that gettext reads: python -m web.language.catalogues.

Set-up runs it. It takes a few seconds once, and nothing where no catalogue has changed: a compiled one has
its source's time, so that a source that is newer, or older after a step back, is compiled again.
"""

import os
import tempfile
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_catalogues(root: Path = LOCALE) -> list[Path]:
    """Compile each catalogue that has changed, and return the files that were made."""
    made = []
    for source in sorted(root.glob("*/LC_MESSAGES/*.po")):
        made_of_it = source.with_suffix(".mo")
        if not is_of(made_of_it, source):
            compile_one(source, made_of_it)
            made.append(made_of_it)
    return made


def is_of(compiled: Path, source: Path) -> bool:
    """Whether a compiled catalogue was made of this source as it is."""
    return compiled.exists() and compiled.stat().st_mtime_ns == source.stat().st_mtime_ns


def compile_one(source: Path, compiled: Path) -> None:
    """Write a catalogue in one step: somebody may be reading the old one."""
    # Only who has something to compile waits for them.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    time = source.stat().st_mtime_ns
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    handle, name = tempfile.mkstemp(prefix=f".{compiled.name}-", dir=compiled.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalogue)
        # Whoever set the studio up, another account may run it.
        Path(name).chmod(0o644)
        os.utime(name, ns=(time, time))
        Path(name).replace(compiled)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    compile_catalogues()
