"""What remove.bg's words make of a photo: where its subject comes to lie, how large, on what ground."""

from typing import Any

import numpy as np
import pytest
from django.utils.datastructures import MultiValueDict

from editor.api.dialects.removebg.forms import RemoveBgForm
from editor.engines import types
from editor.engines.finishing.render import Rendering
from editor.engines.io import compose
from editor.engines.tools import cutout
from editor.engines.tools.cutout import CutoutOptions

URL = "https://pictures.example/lamp.jpg"
# A photo, and the subject in it: 200 pixels wide and 100 high, left of the middle.
PHOTO = (800, 600)
BOX = (100, 300, 300, 400)
WIDE, HIGH = 200, 100


def made(**fields: str) -> Rendering:
    """Return what becomes of the photo above."""
    form = RemoveBgForm({"image_url": URL, "size": "auto", **fields}, MultiValueDict())
    assert form.is_valid(), form.errors
    options: dict[str, Any] = form.to_params()
    left, top, right, bottom = BOX
    alpha: types.Alpha = np.zeros((PHOTO[1], PHOTO[0]), np.float32)
    alpha[top:bottom, left:right] = 1
    rgb = np.full((*alpha.shape, 3), 90, np.uint8)
    return cutout.finish(rgb, alpha, CutoutOptions.from_dict(options))[0]


@pytest.mark.parametrize(
    ("fields", "sides", "subject"),
    [
        ({}, PHOTO, BOX),
        ({"crop_margin": "50%"}, PHOTO, BOX),
        ({"crop": "true"}, (WIDE, HIGH), (0, 0, WIDE, HIGH)),
        ({"crop": "true", "crop_margin": "30px"}, (260, 160), (30, 30, 230, 130)),
        ({"crop": "true", "crop_margin": "10%"}, (240, 120), (20, 10, 220, 110)),
        ({"crop": "true", "crop_margin": "0 25%"}, (300, 100), (50, 0, 250, 100)),
        ({"crop": "true", "crop_margin": "1px 2px 3px 4px"}, (206, 104), (4, 1, 204, 101)),
        ({"crop": "true", "crop_margin": "20px", "position": "0%"}, (240, 140), (0, 0, 200, 100)),
        # Half of a canvas of its own ratio: so much room is around it.
        ({"crop": "true", "scale": "50%"}, (400, 200), (100, 50, 300, 150)),
        ({"position": "center"}, PHOTO, (300, 250, 500, 350)),
        ({"position": "0% 100%"}, PHOTO, (0, 500, 200, 600)),
        ({"position": "original"}, PHOTO, BOX),
        ({"scale": "50%"}, PHOTO, (200, 200, 600, 400)),
        ({"scale": "100%"}, PHOTO, (0, 100, 800, 500)),
        ({"scale": "10%", "position": "100% 0%"}, PHOTO, (720, 0, 800, 40)),
        # A sixth of what is beside it was left of it, three fifths above it; so it is now.
        ({"scale": "50%", "position": "original"}, PHOTO, (67, 240, 467, 440)),
        # As many pixels as there may be, and it with them.
        ({"size": "preview"}, (577, 433), (72, 216, 216, 289)),
    ],
)
def test_the_subject_is_where_and_as_large_as_was_asked(
    fields: dict[str, str], sides: tuple[int, int], subject: compose.Box
) -> None:
    picture = made(**fields)
    assert (picture.mask.shape[1], picture.mask.shape[0]) == sides
    found = compose.subject_box((picture.mask > 0.5).astype(np.float32))
    assert np.abs(np.subtract(found, subject)).max() <= 1, found


def test_a_ground_may_let_through_half_of_what_is_behind() -> None:
    picture = made(bg_color="ff000080")
    assert picture.alpha is not None
    assert picture.alpha[5, 5] == pytest.approx(128 / 255, abs=0.01)
    assert tuple(picture.rgb[5, 5]) == (255, 0, 0)
    assert picture.alpha[350, 200] == 1
    assert tuple(picture.rgb[350, 200]) == (90, 90, 90)
    # A jpg has no place for it: it is laid on white.
    assert tuple(made(bg_color="ff000080", format="jpg").rgb[5, 5]) == (255, 127, 127)


def test_a_shadow_is_as_strong_as_was_asked() -> None:
    def darkest(**fields: str) -> float:
        picture = made(bg_color="ffffff", scale="60%", **fields)
        return float(picture.rgb[picture.mask < 0.01].min())

    bare, faint, strong = (
        darkest(),
        darkest(add_shadow="true", shadow_opacity="20"),
        darkest(add_shadow="true", shadow_opacity="90"),
    )
    assert bare == 255
    assert 255 > faint > strong
    assert darkest(add_shadow="true", shadow_opacity="0") == 255
