"""`python -m editor.engines run`: a recipe over files, folders, archives and a table, into a folder."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from editor.engines.errors import InvalidOptions
from editor.engines.tools import commands


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a recipe, what it is carried out on, and the folder for what comes of it."""
    parser.add_argument("recipe", metavar="RECIPE", help="a recipe as JSON (docs/recipes.md)")
    parser.add_argument(
        "paths", nargs="+", metavar="IN… OUT", help="pictures, folders, ZIPs, one CSV; at last a folder"
    )
    parser.add_argument(
        "--identity",
        type=Path,
        metavar="FOLDER",
        help="the key to sign with, where the recipe asks for it; made where there is none",
    )


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Carry a recipe out on every photo; what is there from an earlier time is not made again."""
    sources, target = [Path(name) for name in asked.paths[:-1]], Path(asked.paths[-1])
    if not sources:
        parser.error("run needs a recipe, an input and a folder")
    if target.exists() and not target.is_dir():
        raise InvalidOptions(f"{target} is a file, and a folder is needed. Choose another.")

    from tqdm import tqdm

    from editor.engines.io.provenance import credentials

    from . import batch, intake, report

    recipe, backdrop = intake.read_recipe(Path(asked.recipe))
    if asked.identity and recipe.credentials:
        credentials.make_identity(asked.identity, "Sweep")
    with tqdm(unit="photo", disable=not sys.stderr.isatty()) as bar:

        def advance(name: str) -> None:
            bar.update()

        made = batch.Batch(recipe, target, backdrop=backdrop, identity=asked.identity, advance=advance)
        scratch = batch.clear_scratch(target)
        try:
            found = intake.take_in(sources, scratch, apart=target)
            bar.reset(sum(item.is_usable for item in found.items))
            summary = made.run(found.items, found.objections)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    commands.say(report.write_table(summary))
    return commands.DONE if summary.passed else commands.FAILED
