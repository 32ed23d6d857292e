"""Files for marketplaces, measured by Pillow and numpy alone: nothing of the studio's own is used here."""

import re
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

SEEN = 252
"""Below that in any channel a pixel on white is the product's: 5 % is seen of what is darker than 195."""


@dataclass(frozen=True)
class Asked:
    """What a marketplace asks of a file, as its own help says it."""

    size: tuple[int, int]
    fill: tuple[float, float]
    most_bytes: int
    name: str


ASKED = {
    "amazon": Asked((1600, 1600), (0.85, 1.0), 10 * 2**20, r"[A-Za-z0-9_]+\.(MAIN|PT\d\d)\.jpg"),
    "google": Asked((1500, 1500), (0.75, 0.9), 16 * 2**20, r".+\.jpg"),
}


def find_faults(market: str, name: str, data: bytes) -> list[str]:
    """Return what of a JPEG is not as a marketplace asks; nothing where all of it is."""
    asked, faults = ASKED[market], []
    with Image.open(BytesIO(data)) as picture:
        if picture.format != "JPEG":
            faults.append(f"is a {picture.format}")
        if picture.size != asked.size:
            faults.append(f"has {picture.size} pixels")
        if len(picture.getexif()):
            faults.append("says something of its camera")
        if not is_srgb(picture.info.get("icc_profile", b"")):
            faults.append("has no sRGB profile")
        pixels = np.asarray(picture.convert("RGB"))
    if len(data) > asked.most_bytes:
        faults.append(f"has {len(data)} bytes")
    if not re.fullmatch(asked.name, name):
        faults.append(f"is called {name}")
    product = pixels.min(axis=2) < SEEN
    if not product.any():
        return [*faults, "shows nothing"]
    if product[0].any() or product[-1].any() or product[:, 0].any() or product[:, -1].any():
        faults.append("touches its edge")
    rows, columns = np.flatnonzero(product.any(axis=1)), np.flatnonzero(product.any(axis=0))
    fill = max((rows[-1] - rows[0] + 1) / product.shape[0], (columns[-1] - columns[0] + 1) / product.shape[1])
    if not asked.fill[0] - 0.005 <= fill <= asked.fill[1]:
        faults.append(f"fills {fill:.1%} of its frame")
    ground = ~find_near(product)
    if wrong := int((pixels[ground] != 255).any(axis=1).sum()):
        faults.append(f"has {wrong} of {ground.sum()} pixels of ground that are not white")
    return faults


def is_srgb(icc: bytes) -> bool:
    return bool(icc) and "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(icc)))


def find_near(product: np.ndarray) -> np.ndarray:
    """Return what is a product's pixel or no further than one from one, diagonals not counted."""
    near = product.copy()
    near[1:] |= product[:-1]
    near[:-1] |= product[1:]
    near[:, 1:] |= product[:, :-1]
    near[:, :-1] |= product[:, 1:]
    return near
