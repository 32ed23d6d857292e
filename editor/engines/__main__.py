"""The engine's command line: `python -m editor.engines <command>`.

Exit codes: 0 all done, 1 something failed, 2 wrong usage, 3 no subject found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import errors

DONE, FAILED, USAGE, NOTHING_FOUND = 0, 1, 2, 3

Work = Callable[[Path, Path], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one line on stderr."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        return int(asked.command(asked, parser))
    except errors.InvalidOptions as exc:
        parser.error(str(exc))
    except KeyboardInterrupt:
        return _complain("stopped")
    except (errors.EngineError, OSError) as exc:
        return _complain(str(exc))


def cutout(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Cut the subject out of one picture, or of several into a folder."""
    sources, target = [Path(name) for name in asked.paths[:-1]], Path(asked.paths[-1])
    if not sources:
        parser.error("cutout needs an input and an output")
    into_folder = len(sources) > 1 or target.is_dir() or asked.paths[-1].endswith("/")
    if asked.mask and into_folder:
        parser.error("--mask goes with one input and one output")
    if asked.margin and not asked.crop:
        parser.error("--margin goes with --crop")
    format = asked.format or _format_of(target, into_folder)
    options: dict[str, Any] = {
        "crop": asked.crop,
        "margin": asked.margin,
        "margin_of": asked.margin_of,
        "square": asked.square,
        "format": format,
        "size": asked.size,
        "outputs": "both" if asked.mask else "image",
        "subject": asked.type,
    }
    options |= _background(asked.background)

    from .io import pictures
    from .tools import cutout as tool

    chosen = tool.CutoutOptions.from_dict(options)

    def work(source: Path, path: Path) -> None:
        picture = pictures.read(source)
        made = tool.cut(picture, chosen)
        pictures.write(path, made.rgb, made.alpha, format=format, density=picture.density)
        if asked.mask:
            pictures.write_mask(asked.mask, made.mask)

    targets = [target / f"{source.stem}.{format}" if into_folder else target for source in sources]
    _keep_apart(sources, [*targets, Path(asked.mask)] if asked.mask else targets)
    if into_folder:
        target.mkdir(parents=True, exist_ok=True)
    return _each(sources, targets, work)


def convert(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Write a picture as PNG, JPG or WebP, resized and on a background if asked. Loads no network."""
    target = Path(asked.output)
    format = asked.format or _format_of(target, into_folder=False)
    _keep_apart([Path(asked.input)], [target])

    from .io import compose, pictures

    picture = pictures.read(asked.input)
    rgb, alpha = pictures.resize(picture.rgb, picture.alpha, pictures.SIZES[asked.size])
    ground = _background(asked.background)
    if alpha is not None and (ground or format == "jpg"):
        behind: Any = compose.parse_colour(ground.get("background") or "white")
        if path := ground.get("background_path"):
            height, width = alpha.shape
            behind = compose.scale_to_cover(compose.flatten(pictures.read(path)), width, height)
        rgb, alpha = compose.lay_over(rgb, alpha, behind), None
    pictures.write(target, rgb, alpha, format=format, quality=asked.quality, density=picture.density)
    return DONE


def erase(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make what is marked go, filled from what is around it."""
    if bool(asked.rect) == bool(asked.mask):
        parser.error("mark what should go: --rect x,y,w,h as often as needed, or --mask FILE")
    format = asked.format or _format_of(Path(asked.output), into_folder=False)
    read = [Path(name) for name in (asked.input, asked.mask, asked.avoid) if name]
    _keep_apart(read, [Path(asked.output)])

    from .tools import erase as tool

    return tool.run_command(asked, format)


def scene(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Put a cutout into a set built for it: a scene of the list, one in words, or a photo of your own."""
    if asked.list:
        from .scenes.templates import catalogue

        for template in catalogue.TEMPLATES.values():
            print(f"{template.number}  {template.category:<20} {template.name}")
        return DONE
    if asked.explain:
        from .scenes import prompt

        if asked.prompt is None:
            parser.error("--explain goes with --prompt TEXT")
        print("\n".join(prompt.understand(asked.prompt, asked.negative).lines()))
        return DONE
    if not asked.input or not asked.output:
        parser.error("scene needs an input and an output")
    if sum(wanted is not None for wanted in (asked.scene, asked.prompt, asked.backdrop)) != 1:
        parser.error("choose --scene N, --prompt TEXT or --backdrop FILE: one of them")
    format = _format_of(Path(asked.output), into_folder=False)

    from .tools import scene_job as tool

    return tool.run_command(asked, format)


def head(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Cut the heads out of one picture, or list them."""
    if asked.list:
        import json

        from .heads import detection
        from .io import pictures

        picture = pictures.read(asked.input)
        print(json.dumps(detection.describe_heads(detection.find_heads(picture), picture), indent=1))
        return DONE
    if not asked.output:
        parser.error("head needs an input and an output")
    target = Path(asked.output)
    if asked.margin and not asked.crop:
        parser.error("--margin goes with --crop")
    format = asked.format or _format_of(target, into_folder=False)
    options: dict[str, Any] = {
        "faces": asked.faces,
        "chosen": asked.choose or (),
        "crop": asked.crop,
        "margin": asked.margin,
        "margin_of": asked.margin_of,
        "square": asked.square,
        "format": format,
        "size": asked.size,
        "outputs": "both" if asked.mask else "image",
    }

    from .io import pictures
    from .tools import head as tool

    chosen = tool.HeadOptions.from_dict(options)

    def work(source: Path, path: Path) -> None:
        picture = pictures.read(source)
        made = tool.cut(picture, chosen)
        pictures.write(path, made.rgb, made.alpha, format=format, density=picture.density)
        if asked.mask:
            pictures.write_mask(asked.mask, made.mask)

    _keep_apart([Path(asked.input)], [target, Path(asked.mask)] if asked.mask else [target])
    return _each([Path(asked.input)], [target], work)


def weights(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Fetch what is missing, then list the networks' files."""
    from .networks import weights as files
    from .terminal import TerminalProgress

    code = DONE
    for network in files.NETWORKS:
        try:
            with TerminalProgress() as progress:
                files.fetch(network, progress)
        except errors.WeightsMissing as exc:
            code = _complain(str(exc))
    from .networks import precision

    for line in [*files.table(), precision.describe()]:
        print(line)
    return code


def warm(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Compile the network and the kernels for this machine, so that the next start is quick."""
    from .tools import dispatch

    dispatch.warm()
    return DONE


def _keep_apart(sources: Sequence[Path], targets: Sequence[Path]) -> None:
    """Raise InvalidOptions where a result would be written over a source, or over another result."""
    taken = {source.resolve() for source in sources}
    for target in targets:
        if target.resolve() in taken:
            raise errors.InvalidOptions(
                f"{target} would be written over a picture of the same name. Choose another output"
            )
        taken.add(target.resolve())


def _each(sources: list[Path], targets: list[Path], work: Work) -> int:
    """Do the work on each source, going on past failures; return the worst exit code."""
    from tqdm import tqdm

    code = DONE
    pairs = list(zip(sources, targets, strict=True))
    with tqdm(pairs, unit="picture", disable=len(pairs) == 1 or not sys.stderr.isatty()) as bar:
        for source, path in bar:
            try:
                work(source, path)
            except (errors.WeightsMissing, errors.InvalidOptions):
                # They would fail every other picture too.
                raise
            except errors.NothingFound as exc:
                bar.clear()
                _complain(f"{source}: {exc}")
                code = code or NOTHING_FOUND
            except errors.EngineError as exc:
                bar.clear()
                code = _complain(f"{source}: {exc}")
            except OSError as exc:
                bar.clear()
                code = _complain(f"{exc.filename or source}: {exc.strerror or exc}")
    return code


def _format_of(target: Path, into_folder: bool) -> str:
    """Return the format that the output's name asks for; png if it has no say."""
    suffix = "" if into_folder else target.suffix.lower().removeprefix(".")
    suffix = "jpg" if suffix in ("jpeg", "jfif") else suffix
    if suffix not in ("", "png", "jpg", "webp"):
        raise errors.InvalidOptions(f"the output can be png, jpg or webp, not {suffix}")
    return suffix or "png"


def _background(wanted: str | None) -> dict[str, str]:
    """Return the option for a colour or, where a file of that name exists, a picture."""
    if not wanted:
        return {}
    return {"background_path": wanted} if Path(wanted).is_file() else {"background": wanted}


def _take_margin(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--margin",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="with --crop: room on each side, as a share of the canvas, 0 to 0.45",
    )
    command.add_argument(
        "--margin-of",
        choices=("canvas", "subject"),
        default="canvas",
        help="what the margin is a share of: the canvas's width and height, or the subject's longer side",
    )


def _complain(line: str) -> int:
    print(f"python -m editor.engines: {line}", file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m editor.engines", description="The local imaging engine.")
    commands = parser.add_subparsers(required=True, metavar="command")
    formats = ("png", "jpg", "webp")
    sizes = ("full", "preview", "small", "medium", "large")

    cut = commands.add_parser("cutout", help="cut the subject out", description=cutout.__doc__)
    cut.add_argument(
        "paths", nargs="+", metavar="IN… OUT", help="one picture and a file, or several and a folder"
    )
    cut.add_argument("--crop", action="store_true", help="cut the canvas to the subject")
    _take_margin(cut)
    cut.add_argument("--square", action="store_true", help="make the canvas square")
    cut.add_argument("--mask", metavar="OUT", help="write the mask as well")
    cut.add_argument(
        "--type", choices=("person", "object", "stamp"), default="", help="whose cutout; else what stands out"
    )
    cut.set_defaults(command=cutout)

    turn = commands.add_parser("convert", help="write a picture in another format or size")
    turn.add_argument("input")
    turn.add_argument("output")
    turn.add_argument("--quality", type=_percent, help="1 to 100, for jpg and webp")
    turn.set_defaults(command=convert)

    rub = commands.add_parser("erase", help="make what is marked go", description=erase.__doc__)
    rub.add_argument("input")
    rub.add_argument("output")
    rub.add_argument("--rect", action="append", metavar="X,Y,W,H", help="a box to erase; up to 50 of them")
    rub.add_argument("--mask", metavar="FILE", help="a picture of the input's size, white where to erase")
    rub.add_argument("--avoid", metavar="FILE", help="the same, white where nothing may be copied from")
    rub.add_argument("--seed", type=int, default=0, help="another number gives another fill")
    rub.add_argument("--format", choices=formats, help="else by the output's name")
    rub.set_defaults(command=erase)

    _add_head(commands, formats, sizes)
    _add_scene(commands)

    for command in (cut, turn):
        command.add_argument("--format", choices=formats, help="else by the output's name")
        command.add_argument("--background", metavar="COLOUR|FILE", help="lay the subject on this")
        command.add_argument(
            "--size", choices=sizes, default="full", help="longest side: 256, 512, 1024, 2048"
        )

    commands.add_parser("weights", help="fetch the networks' files").set_defaults(command=weights)
    commands.add_parser("warm", help="compile for this machine").set_defaults(command=warm)
    return parser


def _add_head(commands: Any, formats: Sequence[str], sizes: Sequence[str]) -> None:
    face = commands.add_parser("head", help="cut heads out", description=head.__doc__)
    face.add_argument("input")
    face.add_argument("output", nargs="?")
    face.add_argument("--faces", choices=("all", "largest"), default="all", help="which heads")
    face.add_argument(
        "--choose",
        action="append",
        type=_choice,
        metavar="N|X,Y",
        help="this one alone: as listed, or a point",
    )
    face.add_argument("--list", action="store_true", help="print where the heads are, as JSON")
    face.add_argument("--crop", action="store_true", help="cut the canvas to the heads")
    _take_margin(face)
    face.add_argument("--square", action="store_true", help="make the canvas square")
    face.add_argument("--mask", metavar="OUT", help="write the mask as well")
    face.add_argument("--format", choices=formats, help="else by the output's name")
    face.add_argument("--size", choices=sizes, default="full", help="longest side: 256, 512, 1024, 2048")
    face.set_defaults(command=head)


def _add_scene(commands: Any) -> None:
    stage = commands.add_parser("scene", help="put a cutout into a scene", description=scene.__doc__)
    stage.add_argument("input", nargs="?", help="a cutout with alpha; a photo is cut out first")
    stage.add_argument("output", nargs="?", help="with two takes the second is OUTPUT-2")
    stage.add_argument("--scene", type=int, metavar="N", help="a scene's number")
    stage.add_argument("--prompt", metavar="TEXT", help="the scene in words")
    stage.add_argument("--negative", metavar="TEXT", default="", help="what should not be in it")
    stage.add_argument("--backdrop", metavar="FILE", help="a photo to stand in")
    stage.add_argument("--floor", type=float, default=0.8, help="where its ground is, share of its height")
    stage.add_argument("--reflection", type=float, default=0.0, help="with --backdrop: 0 to 1")
    stage.add_argument("--seed", type=int, default=0, help="another number gives another take")
    stage.add_argument("--takes", type=int, default=1, help="1 or 2")
    stage.add_argument("--size", type=int, default=1024, help="the longer side in pixels")
    stage.add_argument("--aspect", default="", help="1:1, 4:5, 9:16, 16:9; else the source's")
    stage.add_argument("--place", metavar="X,Y,SCALE", help="the foot, and the longer side; shares")
    stage.add_argument("--copy", default="", metavar="SIDE", help="leave room left, right or top")
    stage.add_argument("--pose", default="", help="stand, lie or hang; else by the outline")
    stage.add_argument("--match", action="store_true", help="tint the product to the set's light")
    stage.add_argument("--list", action="store_true", help="print the scenes")
    stage.add_argument("--explain", action="store_true", help="print what the words were understood as")
    stage.set_defaults(command=scene)


def _choice(text: str) -> int | tuple[float, float]:
    numbers = text.split(",")
    try:
        if len(numbers) == 1:
            return int(text)
        x, y = (float(number) for number in numbers)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"must be a number or x,y, not {text}") from exc
    return x, y


def _percent(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("must be 1 to 100")
    return number


if __name__ == "__main__":
    sys.exit(main())
