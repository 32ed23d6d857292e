"""What is clear before a ground of some hue lets the new ground through; what only may be so stays opaque."""

import numpy as np
import pytest
from PIL import Image

from editor.engines import types
from editor.engines.io import pictures
from editor.engines.matting import alpha_matte, foreground_estimation, stroke_correction
from editor.engines.matting.see_through import opacity
from editor.engines.matting.strokes import Stroke
from editor.engines.networks import isnet

SIDE = 640
GREEN = (110.0, 170.0, 130.0)
VESSEL = slice(140, 520), slice(200, 440)
LABEL = slice(380, 450), slice(200, 440)
PANE = slice(180, 360), slice(230, 410)


def draw(
    ground: tuple[float, float, float], through: float, rim: float, mirrored: float = 25
) -> tuple[types.Image, types.Alpha]:
    """A vessel that lets so much of a ground through and mirrors some grey, with a label; its outline."""
    light = np.linspace(1.05, 0.9, SIDE)[:, None, None]
    photo = np.ones((SIDE, SIDE, 3)) * np.array(ground) * light
    outline = np.zeros((SIDE, SIDE), np.float32)
    outline[VESSEL] = 1
    inner = np.zeros((SIDE, SIDE), bool)
    inner[148:512, 208:432] = True
    photo[outline > 0] *= through
    photo[(outline > 0) & ~inner] *= rim
    streaks = mirrored * (1 + 0.4 * np.sin(np.linspace(0, 40, SIDE)))[None, :, None]
    photo += streaks * outline[..., None]
    photo[180:340, 250:258] = 245
    photo[LABEL] = 250, 240, 230
    noise = np.random.default_rng(3).normal(0, 1, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8), outline


def let_through(photo: types.Image, outline: types.Alpha) -> tuple[bool, types.Alpha]:
    square = isnet.squeeze(photo)
    seen = np.array(Image.fromarray(outline).resize((isnet.SIDE, isnet.SIDE), Image.Resampling.BILINEAR))
    alpha = outline.copy()
    clear = opacity.find(square, seen)
    if clear is not None:
        opacity.lower(photo, clear, alpha)
    return clear is not None, alpha


def test_glass_shows_the_new_ground_and_its_label_does_not() -> None:
    photo, outline = draw(GREEN, 0.85, 0.6)
    clear, alpha = let_through(photo, outline)
    assert clear
    pane = alpha[PANE]
    assert 0.1 < float(np.median(pane)) < 0.4
    assert alpha[LABEL][12:-12, 12:-12].min() > 0.9
    assert alpha[180:340, 252:256].min() > 0.8, "a glint is the glass's own"
    assert (alpha[outline == 0] == 0).all()
    # What is laid on white is grey glass, no green.
    pure = foreground_estimation.purify(photo, alpha)[PANE].astype(np.float32)
    laid = pure * pane[..., None] + 255 * (1 - pane[..., None])
    own = photo[PANE].astype(np.float32)
    assert np.ptp(np.median(laid, axis=(0, 1))) < 0.35 * np.ptp(np.median(own, axis=(0, 1)))


@pytest.mark.parametrize(
    ("ground", "through", "rim", "mirrored"),
    [
        # As pale things before white and grey are, cups and boxes: their colour tells nothing.
        ((238.0, 238.0, 238.0), 0.8, 0.6, 10),
        # Lighter than the ground: paint of its hue.
        (GREEN, 1.2, 0.9, 25),
        # Even all over to its outline: a card of the ground's hue.
        (GREEN, 0.8, 1.0, 25),
        # Of the ground's very hue, darker, and mirroring nothing: a dyed thing on paper of its colour.
        (GREEN, 0.85, 0.6, 0),
    ],
)
def test_what_may_be_opaque_stays_so(
    ground: tuple[float, float, float], through: float, rim: float, mirrored: float
) -> None:
    photo, outline = draw(ground, through, rim, mirrored)
    clear, alpha = let_through(photo, outline)
    assert not clear
    assert (alpha == outline).all()


def test_a_matte_says_that_parts_of_it_are_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, outline = draw(GREEN, 0.85, 0.6)

    class Network:
        def subject(self, square: types.Image) -> types.Alpha:
            small = Image.fromarray(outline).resize(square.shape[1::-1], Image.Resampling.BILINEAR)
            return np.array(small)

    monkeypatch.setattr(isnet, "segmenter", lambda side=isnet.SIDE: Network())
    made = alpha_matte.judge(pictures.Picture(photo, None, "JPEG"))
    assert made.clear
    assert made.alpha is not None
    assert float(np.median(made.alpha[PANE])) < 0.4
    told = alpha_matte.judge(pictures.Picture(photo, np.ones((SIDE, SIDE), np.float32), "PNG"))
    assert not told.clear, "a picture with an alpha has been told what is clear"


def test_a_click_makes_a_pane_solid_and_nothing_else() -> None:
    photo, outline = draw(GREEN, 0.85, 0.6)
    _, alpha = let_through(photo, outline)
    click = Stroke(keep=True, radius=4, points=((320.0, 270.0),), region=True)
    made = stroke_correction.correct(photo, alpha, [click])
    assert made[PANE].min() > 0.9
    assert made[:120].max() < 0.05
    assert float(np.median(made[465:500, 240:400])) < 0.5, "what lies beyond the label is another pane"
