"""The options' base: what is read from a message, and the sentence of each refusal."""

from dataclasses import dataclass

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.options import Options, check_choice, check_flag, check_number, check_whole
from editor.engines.scenes.options import SceneOptions
from editor.engines.tools.cutout import CutoutOptions
from editor.engines.tools.erase import EraseOptions
from editor.engines.tools.head import HeadOptions


@dataclass(frozen=True)
class Mirrored(Options):
    upright: bool = True

    def __post_init__(self) -> None:
        check_flag("upright", self.upright)


def test_what_is_absent_is_at_its_default() -> None:
    assert Mirrored.from_dict({}) == Mirrored()
    assert Mirrored.from_dict({"upright": False}) == Mirrored(upright=False)


@pytest.mark.parametrize("kind", [Mirrored, CutoutOptions, EraseOptions, HeadOptions, SceneOptions])
def test_every_tool_refuses_what_it_does_not_know(kind: type[Options]) -> None:
    with pytest.raises(InvalidOptions, match=r"^There is no option colour, size_of\.$"):
        kind.from_dict({"size_of": 1, "colour": 2})


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (lambda: check_flag("crop", 1), "crop must be true or false."),
        (lambda: check_whole("seed", True, 0, 9), "seed must be a whole number from 0 to 9."),
        (lambda: check_whole("seed", 10, 0, 9), "seed must be a whole number from 0 to 9."),
        (lambda: check_number("floor", "1", 0.0, 1.0), "floor must be a number from 0.0 to 1.0."),
        (lambda: check_number("floor", float("nan"), 0.0, 1.0), "floor must be a number from 0.0 to 1.0."),
        (lambda: check_choice("pose", "fly", ("", "lie")), "pose must be one of (empty), lie."),
        (lambda: check_choice("size", "s", ("full",), quoted=True), "size must be one of 'full'."),
        (lambda: check_choice("size", [], {"full": 1}), "size must be one of full."),
    ],
)
def test_each_refusal_is_a_sentence(check: object, sentence: str) -> None:
    with pytest.raises(InvalidOptions) as refused:
        check()  # type: ignore[operator]
    assert str(refused.value) == sentence
