"""Ink lifted from paper: seals and signatures made by the tests, on pages of many kinds."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

from editor.engines.errors import NothingFound, PictureError
from editor.engines.matting import ink_extraction

WIDTH, HEIGHT = 450, 300
RED, BLUE, BLACK = (200, 30, 40), (30, 50, 150), (25, 25, 28)


def seal() -> np.ndarray:
    """How much ink lies on each pixel: a ring with a bar through it."""
    drawn = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((140, 65, 310, 235), outline=255, width=9)
    draw.line((160, 190, 290, 110), fill=255, width=7)
    drawn = drawn.filter(ImageFilter.GaussianBlur(0.8))
    return np.asarray(drawn, np.float32) / 255


def page(kind: str) -> np.ndarray:
    across = np.arange(WIDTH) / WIDTH
    colour = {"yellowed": (238, 222, 180), "dark": (48, 44, 40)}.get(kind, (249, 248, 246))
    paper = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.array(colour, np.float32)
    if kind == "lined":
        for y in range(20, HEIGHT, 26):
            paper[y : y + 2] *= np.array([0.75, 0.85, 0.95])
    if kind == "shadow":
        paper *= (1 - 0.4 / (1 + np.exp(-(across - 0.5) * 80)))[np.newaxis, :, np.newaxis]
    if kind == "printed":
        for y in range(10, HEIGHT, 30):
            paper[y : y + 9, 20:430:3] *= 0.1
    return paper


def photographed(ink: np.ndarray, colour: tuple[int, int, int], paper: np.ndarray) -> np.ndarray:
    """Ink takes of the paper's light what its colour says, as light does; a camera adds some noise."""
    through = np.exp(np.log(np.array(colour, np.float32) / 255) * ink[..., np.newaxis])
    noise = np.random.default_rng(7).normal(0, 2, paper.shape)
    return np.clip(paper * through + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("colour", [RED, BLUE, BLACK])
@pytest.mark.parametrize("kind", ["white", "yellowed", "lined", "shadow"])
def test_ink_comes_off_its_page(kind: str, colour: tuple[int, int, int]) -> None:
    ink = seal()
    photo = photographed(ink, colour, page(kind))
    before = photo.copy()

    rgb, alpha = ink_extraction.extract_ink(photo)

    assert (photo == before).all()
    assert np.abs(alpha - ink).mean() < 0.012
    assert alpha[ink == 0].mean() < 0.004, "the page is left behind"
    assert np.abs(rgb[ink > 0.9].mean(axis=0) - colour).max() < 15


def test_a_red_seal_comes_without_the_print_below_it() -> None:
    ink, paper = seal(), page("printed")
    print_alone = (paper.mean(axis=-1) < 100) & (ink == 0)

    _, alpha = ink_extraction.extract_ink(photographed(ink, RED, paper))

    assert alpha[print_alone].mean() < 0.02
    assert alpha[(ink > 0.9) & (paper.mean(axis=-1) > 200)].mean() > 0.85


def test_ink_half_laid_on_is_half_transparent() -> None:
    ink = np.clip(seal(), 0, 1)
    ink[:, : WIDTH // 2] *= 0.5

    _, alpha = ink_extraction.extract_ink(photographed(ink, BLUE, page("white")))

    faint = alpha[:, : WIDTH // 2][seal()[:, : WIDTH // 2] > 0.95].mean()
    full = alpha[:, WIDTH // 2 :][seal()[:, WIDTH // 2 :] > 0.95].mean()
    assert 0.4 < faint < 0.8 * full


@pytest.mark.parametrize("name", ["coffee", "astronaut", "chelsea", "rocket", "brick", "gravel"])
def test_what_is_no_page_is_refused(name: str) -> None:
    photo = getattr(data, name)()
    photo = np.stack([photo] * 3, axis=-1) if photo.ndim == 2 else photo

    with pytest.raises(PictureError) as refusal:
        ink_extraction.extract_ink(np.ascontiguousarray(photo))
    assert refusal.value.state in (-11, -14)


def test_dark_paper_is_refused_with_a_remedy() -> None:
    with pytest.raises(ink_extraction.DarkPaper, match="light paper"):
        ink_extraction.extract_ink(photographed(seal(), RED, page("dark")))


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (400, 1), (1, 400), (300, 200)])
def test_an_empty_page_holds_nothing(size: tuple[int, int]) -> None:
    with pytest.raises(NothingFound):
        ink_extraction.extract_ink(np.full((*size, 3), 246, np.uint8))


def test_each_ink_keeps_its_hue_though_both_let_red_through() -> None:
    ink, orange = seal(), (235, 130, 30)
    left, right = ink.copy(), ink.copy()
    left[:, WIDTH // 2 :] = 0
    right[:, : WIDTH // 2] = 0
    photo = photographed(right, orange, photographed(left, RED, page("white")).astype(np.float32))

    rgb, alpha = ink_extraction.extract_ink(photo)

    sure = alpha > 0.9
    columns = np.arange(WIDTH)
    for side, colour in ((columns < WIDTH // 2 - 25, RED), (columns > WIDTH // 2 + 25, orange)):
        of_ink = rgb[sure & side[np.newaxis, :]].mean(axis=0)
        assert np.abs(of_ink - colour).max() < 30, "one ink has the other's hue"


def test_a_thing_photographed_before_white_is_no_stamp() -> None:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    paper = page("white")
    body = (np.abs(columns - 225) < 60) & (np.abs(rows - 150) < 100)
    shade = 0.25 + 0.75 * (1 - ((columns - 205) / 90.0) ** 2)
    paper[body] = np.clip(shade[..., np.newaxis] * (200, 90, 60), 4, 255)[body]
    label = body & (np.abs(rows - 160) < 40)
    paper[label] = (shade[..., np.newaxis] * (40, 90, 190))[label]
    with pytest.raises(ink_extraction.NotOnPaper):
        ink_extraction.extract_ink(np.clip(paper, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("colour", [RED, BLACK])
def test_a_solid_seal_laid_on_in_patches_is_one(colour: tuple[int, int, int]) -> None:
    drawn = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((60, 20, 390, 280), fill=255)
    draw.ellipse((90, 50, 360, 250), outline=0, width=6)
    blots = Image.fromarray(np.random.default_rng(1).integers(90, 255, (30, 45)).astype(np.uint8))
    patches = np.asarray(blots.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32) / 255
    _, alpha = ink_extraction.extract_ink(
        photographed(np.asarray(drawn, np.float32) / 255 * patches, colour, page("shadow"))
    )
    assert (alpha > 0.3).mean() > 0.2
