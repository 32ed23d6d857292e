"""remove.bg's clients, as PyPI and npm have them: each believes that it talks to its service."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import waiting

from . import environments
from .conftest import SIDE, Call, Caller, Outcome, Served, picture
from .environments import NPM, REMOVEBG, REMOVEBG_CLI

HIGH = SIDE * 2 // 3
Calls = Callable[..., list[Outcome]]


# -- PyPI's removebg --------------------------------------------------------------------------------------


@pytest.fixture
def removebg(served: Served, run: Caller) -> Calls:
    def make(*calls: Call) -> list[Outcome]:
        return run(REMOVEBG, "call_removebg.py", *({"key": served.key, **call} for call in calls))

    return make


def test_removebg_writes_the_cutout_of_a_file_an_address_and_base64(
    removebg: Calls, served: Served, folder: Path
) -> None:
    outcomes = removebg(
        {"by": "file", "source": "cup.jpg"},
        {"by": "url", "source": f"{served.host.url}/cup.jpg", "saved": "of-url.png", "size": "auto"},
        {"by": "base64", "source": "cup.jpg", "saved": "of-base64.png", "bg_color": "ff0000", "size": "4k"},
    )
    assert [outcome["status"] for outcome in outcomes] == [200] * 3, outcomes
    for name in ("cup.jpg_no_bg.png", "of-url.png"):
        made = picture(folder / name)
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (SIDE, HIGH))
        assert made.getchannel("A").getextrema() == (0, 255)
    behind = picture(folder / "of-base64.png").convert("RGB").getpixel((0, 0))
    assert behind == pytest.approx((255, 0, 0), abs=3)


def test_removebg_raises_what_the_answer_s_status_is(removebg: Calls, served: Served) -> None:
    wrong, poor, broken, text = removebg(
        {"by": "file", "source": "cup.jpg", "key": "wrong"},
        {"by": "file", "source": "cup.jpg", "key": served.poor},
        {"by": "file", "source": "broken.jpg"},
        {"by": "file", "source": "notes.txt"},
    )
    assert [one["status"] for one in (wrong, poor, broken, text)] == [403, 402, 400, 400]
    for outcome in (wrong, poor, broken, text):
        # As it looks for the reason itself.
        assert outcome["told"]["errors"][0]["title"]


def test_removebg_is_told_of_too_many_calls(removebg: Calls, served: Served) -> None:
    outcomes = removebg(*[{"by": "file", "source": "notes.txt", "key": served.slow}] * 12)
    assert {outcome["status"] for outcome in outcomes} == {400, 429}


# -- PyPI's removebg-cli ----------------------------------------------------------------------------------


@pytest.fixture
def removebg_cli(served: Served, folder: Path) -> Callable[..., tuple[int, str]]:
    """Returns a function that runs the command and returns how it ended and what it said."""

    def run_command(*arguments: str, key: str = served.key) -> tuple[int, str]:
        command = environments.install(REMOVEBG_CLI) / "bin/removebg"
        settings = {"REMOVE_BG_API_KEY": key, "COLUMNS": "200", "PYTHONUTF8": "1"}
        done = waiting.run(
            [str(command), *arguments],
            cwd=folder,
            env=environments.plain() | served.doorway.environment | settings,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    return run_command


@pytest.mark.parametrize(
    ("options", "kind", "size"),
    [
        ((), "PNG", (SIDE, HIGH)),
        (("-s", "preview", "-f", "webp"), "WEBP", (SIDE, HIGH)),
        (("-s", "full", "-b", "white", "-f", "jpg"), "JPEG", (SIDE, HIGH)),
        (("-c",), "PNG", None),
        (("--shadow",), "PNG", (SIDE, HIGH)),
    ],
)
def test_the_command_saves_what_it_was_asked_for(
    removebg_cli: Any, folder: Path, options: tuple[str, ...], kind: str, size: tuple[int, int] | None
) -> None:
    status, said = removebg_cli("cup.jpg", *options, "-o", "by-command")
    assert status == 0, said
    assert "1 credits" in said  # what it was charged
    made = picture(folder / "by-command")
    assert made.format == kind
    assert made.size == size if size else made.width < SIDE


def test_the_command_saves_a_zip_and_what_is_behind_an_address(
    removebg_cli: Any, served: Served, folder: Path
) -> None:
    assert removebg_cli("cup.jpg", "-f", "zip", "-o", "cup.zip")[0] == 0
    assert (folder / "cup.zip").read_bytes().startswith(b"PK")
    status, said = removebg_cli(f"{served.host.url}/cup.jpg", "-o", "fetched.png")
    assert status == 0, said
    assert picture(folder / "fetched.png").size == (SIDE, HIGH)


def test_the_command_shows_the_account(removebg_cli: Any, served: Served) -> None:
    status, said = removebg_cli("--account")
    assert status == 0
    assert "Credits" in said
    status, said = removebg_cli("--account", key="wrong")
    assert (status, "API Key" in said) == (1, True)


def test_the_command_tells_what_is_wrong(removebg_cli: Any, served: Served) -> None:
    wrong = (("wrong", "cup.jpg", "403"), (served.poor, "cup.jpg", "402"), (served.key, "broken.jpg", "400"))
    for key, source, number in wrong:
        status, said = removebg_cli(source, key=key)
        assert status == 1
        assert f"[{number}]" in said


# -- npm's remove.bg --------------------------------------------------------------------------------------


@pytest.fixture
def remove_bg(served: Served, run: Caller) -> Calls:
    def make(*calls: Call) -> list[Outcome]:
        return run(NPM, "call_remove_bg.cjs", *({"key": served.key, **call} for call in calls))

    return make


def test_remove_bg_of_npm_writes_what_came_in_base64_and_reads_the_headers(
    remove_bg: Calls, served: Served, folder: Path
) -> None:
    outcomes = remove_bg(
        {"by": "file", "source": "cup.jpg", "saved": "npm-file.png", "size": "regular", "type": "auto"},
        {"by": "url", "source": f"{served.host.url}/cup.jpg", "saved": "npm-url.png", "size": "auto"},
        {"by": "base64", "source": "cup.jpg", "saved": "npm-base64.png", "size": "full"},
    )
    for name, outcome in zip(("npm-file.png", "npm-url.png", "npm-base64.png"), outcomes, strict=True):
        assert "errors" not in outcome, outcome
        assert picture(folder / name).size == (SIDE, HIGH)
        assert outcome["characters"] == len(base64.b64encode((folder / name).read_bytes()))
        told = [outcome[name] for name in ("creditsCharged", "resultWidth", "resultHeight")]
        assert told == ["1", str(SIDE), str(HIGH)]
        assert outcome["detectedType"]
        assert int(outcome["rateLimitRemaining"]) <= int(outcome["rateLimit"])
        assert int(outcome["rateLimitReset"]) > 0


def test_every_option_of_npm_s_remove_bg_does_what_it_says(
    remove_bg: Calls, served: Served, folder: Path
) -> None:
    behind = f"{served.host.url}/cup.jpg"
    options: dict[str, dict[str, Any]] = {
        "cropped": {"crop": True},
        "margin": {"crop": True, "crop_margin": "30px"},
        "small": {"scale": "50%", "position": "center"},
        "red": {"bg_color": "ff0000"},
        "behind": {"bg_image_url": behind},
        "mask": {"channels": "alpha"},
        "half": {"roi": "0% 0% 60% 100%"},
        "shadow": {"add_shadow": True, "type": "product"},
    }
    named = [
        {"by": "file", "source": "cup.jpg", "size": "auto", "saved": f"{name}.png", **one}
        for name, one in options.items()
    ]
    outcomes = dict(zip(options, remove_bg(*named), strict=True))
    assert not {name: outcome for name, outcome in outcomes.items() if "errors" in outcome}
    made = {name: picture(folder / f"{name}.png") for name in options}
    assert made["cropped"].width < SIDE
    assert made["margin"].size == tuple(side + 60 for side in made["cropped"].size)
    assert made["small"].size == (SIDE, HIGH)
    box = made["small"].getchannel("A").point(lambda level: 255 * (level > 20)).getbbox()
    assert box is not None
    assert max(box[2] - box[0], (box[3] - box[1]) * 1.5) == pytest.approx(SIDE / 2, abs=4)
    assert made["red"].convert("RGB").getpixel((0, 0)) == pytest.approx((255, 0, 0), abs=3)
    assert made["behind"].convert("RGBA").getextrema()[3] == (255, 255)
    assert made["mask"].convert("L").getextrema() == (0, 255)
    right = made["half"].getchannel("A").crop((SIDE * 6 // 10 + 2, 0, SIDE, HIGH))
    assert right.getbbox() is None


def test_remove_bg_of_npm_rejects_with_the_errors_of_the_answer(remove_bg: Calls, served: Served) -> None:
    wrong, poor, broken, size = remove_bg(
        {"by": "file", "source": "cup.jpg", "key": "wrong"},
        {"by": "base64", "source": "cup.jpg", "key": served.poor},
        {"by": "file", "source": "broken.jpg"},
        {"by": "file", "source": "cup.jpg", "size": "enormous"},
    )
    for outcome in (wrong, poor, broken, size):
        assert outcome["errors"][0]["title"]
    assert size["errors"][0]["code"] == "invalid_size"


def test_remove_bg_of_npm_is_told_of_too_many_calls(remove_bg: Calls, served: Served) -> None:
    outcomes = remove_bg(*[{"by": "file", "source": "notes.txt", "key": served.slow}] * 12)
    assert all(outcome["errors"][0]["title"] for outcome in outcomes)
    assert len({outcome["errors"][0]["title"] for outcome in outcomes}) == 2


# -- npm's removebg-wrapper -------------------------------------------------------------------------------


def test_removebg_wrapper_writes_the_cutout_and_says_what_is_wrong(
    served: Served, run: Caller, folder: Path
) -> None:
    def call(by: str, source: str, key: str = served.key) -> list[str]:
        return run(NPM, "call_removebg_wrapper.cjs", {"by": by, "source": source, "key": key})[0]["said"]

    assert call("file", "cup.jpg") == []
    assert picture(folder / "output.png").size == (SIDE, HIGH)
    assert call("url", f"{served.host.url}/cup.jpg") == []
    assert picture(folder / "output-2.png").size == (SIDE, HIGH)
    for key, source, number in (
        ("wrong", "cup.jpg", "403"),
        (served.poor, "cup.jpg", "402"),
        (served.key, "notes.txt", "400"),
    ):
        (said,) = call("file", source, key)
        assert said.startswith(f"Error: {number}")
        assert '"errors"' in said
