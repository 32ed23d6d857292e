"""Finished pictures in another format or size, on a ground if one is asked for; and copies for screens."""

from __future__ import annotations

from pathlib import Path

from editor.engines.io import compose, pictures, words

WHITE = "white"


def convert_file(
    source: Path,
    target: Path,
    *,
    format: str,
    size: str = "full",
    background: str = "",
    backdrop: Path | None = None,
    quality: int | None = None,
) -> tuple[int, int]:
    """Write a picture's file as png, jpg or webp, at most as large as a preset. Return width and height.

    background: a colour as words.parse_colour reads it, or a picture's file as backdrop; they show where the
    source is transparent. A jpg without either gets white. Raises what pictures.read raises.
    """
    picture = pictures.read(source)
    rgb, alpha = pictures.resize(picture.rgb, picture.alpha, words.SIZES[size])
    if alpha is not None and (background or backdrop or format == "jpg"):
        if backdrop:
            behind = compose.flatten(pictures.read(backdrop))
            rgb = compose.lay_over(rgb, alpha, compose.scale_to_cover(behind, rgb.shape[1], rgb.shape[0]))
        else:
            rgb = compose.lay_over(rgb, alpha, words.parse_colour(background or WHITE))
        alpha = None
    pictures.write(target, rgb, alpha, format=format, quality=quality, density=picture.density)
    return int(rgb.shape[1]), int(rgb.shape[0])


def copy_for_screen(picture: pictures.Picture, target: Path, side: int) -> tuple[int, int]:
    """Write a cutout as a PNG of at most `side` pixels a side, without loss but for the scaling.

    Its colours are weighed by alpha. Return width and height.
    """
    rgb, alpha = pictures.resize(picture.rgb, picture.alpha, side)
    pictures.write(target, rgb, alpha, format="png")
    return int(rgb.shape[1]), int(rgb.shape[0])
