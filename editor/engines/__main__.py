"""The engine's command line: `python -m editor.engines <command>`.

Each tool's module has its command, found by the tool's name; what is no tool has its command here.
Exit codes: 0 all done, 1 something failed, 2 wrong usage, 3 no subject found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from editor.tools import SPECS

from . import errors
from .batch import command as batch_command
from .tools import commands, dispatch


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one line on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser(words[0] if words else "")
    asked = parser.parse_args(words)
    try:
        return int(asked.command(asked, parser))
    except errors.InvalidOptions as exc:
        parser.error(str(exc))
    except KeyboardInterrupt:
        return commands.complain("stopped")
    except (errors.EngineError, OSError) as exc:
        return commands.complain(str(exc))


def convert(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Write a picture as PNG, JPG or WebP, resized and on a background if asked. Loads no network."""
    target = Path(asked.output)
    format = asked.format or commands.choose_format(target)
    commands.keep_apart([Path(asked.input)], [target])

    from .finishing import conversion

    ground = commands.read_background(asked.background)
    behind = ground.get("background_path")
    conversion.convert_file(
        Path(asked.input),
        target,
        format=format,
        size=asked.size,
        background=ground.get("background", ""),
        backdrop=Path(behind) if behind else None,
        quality=asked.quality,
    )
    return commands.DONE


def finish(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make the picture of a cutout that a finish asks for: framed, lit, on its ground. Loads no network."""
    target = Path(asked.output)
    format = asked.format or commands.choose_format(target)
    targets = [target, Path(asked.mask)] if asked.mask else [target]
    commands.keep_apart([Path(asked.input)], targets)

    from .finishing.finish import Finish
    from .finishing.render import render_file

    asked_for = commands.read_finish(asked.finish, format) if asked.finish else {"format": format}
    chosen = Finish.from_dict(asked_for)
    behind = Path(asked.backdrop) if asked.backdrop else None
    made = render_file(
        Path(asked.input), target, chosen, behind, mask=Path(asked.mask) if asked.mask else None
    )
    if made.smaller:
        commands.complain("the subject is smaller than asked for, as it is not enlarged: see `enlarge`")
    return commands.DONE


def weights(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Fetch what is missing, then list the networks' files."""
    from .networks import weights as files
    from .terminal import TerminalProgress

    code = commands.DONE
    for network in files.NETWORKS:
        try:
            with TerminalProgress() as progress:
                files.fetch(network, progress)
        except errors.WeightsMissing as exc:
            code = commands.complain(str(exc))
    from .networks import precision

    for line in [*files.table(), precision.describe()]:
        print(line)
    return code


def warm(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Compile the network and the kernels for this machine, so that the next start is quick."""
    dispatch.warm()
    return commands.DONE


def _parser(wanted: str) -> argparse.ArgumentParser:
    """Return the parser of all commands. Of the tools only the one that is wanted is imported."""
    parser = argparse.ArgumentParser(prog="python -m editor.engines", description="The local imaging engine.")
    commands_of = parser.add_subparsers(required=True, metavar="command")
    for tool, spec in SPECS.items():
        command = commands_of.add_parser(tool, help=f"make {spec.jobs}")
        if tool == wanted:
            module = dispatch.find_module(tool)
            command.description = module.run_command.__doc__
            module.add_arguments(command)
            command.set_defaults(command=module.run_command)

    turn = commands_of.add_parser("convert", help="write a picture in another format or size")
    turn.add_argument("input")
    turn.add_argument("output")
    turn.add_argument("--quality", type=_percent, help="1 to 100, for jpg and webp")
    commands.add_format(turn)
    commands.add_background(turn)
    commands.add_size(turn)
    turn.set_defaults(command=convert)

    render = commands_of.add_parser("finish", help="frame, light and lay a cutout on its ground")
    render.add_argument("input", help="a cutout: a picture whose surroundings are see-through")
    render.add_argument("output")
    commands.add_finish(render, "at its defaults without")
    render.add_argument("--backdrop", metavar="FILE", help="a picture to stand behind")
    render.add_argument("--mask", metavar="OUT", help="write the mask as well")
    commands.add_format(render)
    render.set_defaults(command=finish)

    batch = commands_of.add_parser("run", help="carry out a recipe on many pictures")
    batch.description = batch_command.run_command.__doc__
    batch_command.add_arguments(batch)
    batch.set_defaults(command=batch_command.run_command)

    commands_of.add_parser("weights", help="fetch the networks' files").set_defaults(command=weights)
    commands_of.add_parser("warm", help="compile for this machine").set_defaults(command=warm)
    return parser


def _percent(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("must be 1 to 100")
    return number


if __name__ == "__main__":
    sys.exit(main())
