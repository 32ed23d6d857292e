"""Colours that go together, chosen as a set designer would: by the mood's name, several to each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """Colours as #rrggbb: of what is stood on, of what is behind, of a stand, and of props."""

    surface: str
    backdrop: str
    stand: str
    accents: tuple[str, ...]

    def of(self, role: str) -> str:
        """Return the colour for surface, backdrop or stand; the first accent for anything else."""
        return {"surface": self.surface, "backdrop": self.backdrop, "stand": self.stand}.get(
            role, self.accents[0]
        )


SCHEMES: dict[str, tuple[Scheme, ...]] = {
    "neutral": (
        Scheme("#e4dfd7", "#dad3c8", "#efebe4", ("#b9a78f", "#8c7b68", "#f4f1ec")),
        Scheme("#dcdad6", "#cfccc6", "#e9e7e3", ("#a8a39b", "#77716a", "#f0eeea")),
        Scheme("#e9e1d3", "#d9cbb6", "#f1eadf", ("#c2a57e", "#9a7b57", "#f6f2ea")),
    ),
    "earth": (
        Scheme("#c98f6b", "#b97552", "#dba987", ("#8f4b2e", "#e7c7a6", "#6d5844")),
        Scheme("#d8b892", "#c69a70", "#e4cba9", ("#a85f3b", "#7c6a4d", "#f0dfc6")),
        Scheme("#b98465", "#d7b491", "#c99b7a", ("#7a3f2a", "#efdcc3", "#94795a")),
    ),
    "pastel": (
        Scheme("#f3d9d6", "#f0cfcf", "#f8e8e4", ("#bfe0d2", "#f5e6b3", "#cdd6f0")),
        Scheme("#d3e8df", "#c4dfd4", "#e4f1eb", ("#f4cfc9", "#f6e7b8", "#c9d3ee")),
        Scheme("#f6ecc9", "#f3e3b4", "#faf3dc", ("#f2c6c3", "#bcdccf", "#ccd4ef")),
        Scheme("#d9dcf2", "#ccd1ec", "#e8eaf7", ("#f3d0da", "#c8e6dc", "#f7ebc4")),
    ),
    "blush": (
        Scheme("#ecd0c8", "#dfb4aa", "#f3dfd8", ("#c98a7d", "#f7ece5", "#b06f66")),
        Scheme("#f0dcd2", "#e6c2b5", "#f6e8e0", ("#cf9484", "#fbf4ee", "#a9665c")),
    ),
    "ocean": (
        Scheme("#bcd8e2", "#86b6c9", "#d9eaf0", ("#2f6f8f", "#f1f6f6", "#59a3a6")),
        Scheme("#cfe3e4", "#a3c9cc", "#e2efef", ("#2b7a86", "#f5efe2", "#174f66")),
    ),
    "forest": (
        Scheme("#a9b79a", "#7d9173", "#c2ccb5", ("#46583f", "#d9d2b8", "#7a5c42")),
        Scheme("#c5cbb3", "#9fae8e", "#d8dcc9", ("#5a6e4e", "#efe9d8", "#8c6e50")),
    ),
    "sunny": (
        Scheme("#f7d57e", "#f5c452", "#fae3a4", ("#ee8b3c", "#fff7e6", "#e7623a")),
        Scheme("#f9dfae", "#f4bd77", "#fcecc9", ("#ee9440", "#fffaf0", "#d9692f")),
    ),
    "berry": (
        Scheme("#8f3a57", "#7a2745", "#a85170", ("#d98aa3", "#4e1730", "#f0d3db")),
        Scheme("#b76a86", "#9c4a6c", "#cb89a1", ("#5b2140", "#f0cdd8", "#7f2f55")),
    ),
    "mono": (
        Scheme("#2a2a2c", "#1f1f21", "#38383b", ("#6d6d70", "#a6a6a9", "#111113")),
        Scheme("#5c5c5f", "#47474a", "#717174", ("#202022", "#c9c9cc", "#8c8c90")),
    ),
    "white": (Scheme("#f6f6f5", "#f6f6f5", "#fafafa", ("#ffffff", "#ececeb", "#dededd")),),
    "night": (
        Scheme("#23284f", "#1b1f45", "#303768", ("#6f62c9", "#3c86d6", "#c25bd0")),
        Scheme("#2c2350", "#211a43", "#3d3269", ("#8c5fd6", "#4a7be0", "#e06ac0")),
    ),
    "festive": (
        Scheme("#a3262b", "#8c1c22", "#b63a3c", ("#d9b25f", "#1f5a3d", "#f3ead9")),
        Scheme("#1f4f39", "#17402d", "#2c6248", ("#d9b25f", "#b1282d", "#f3ead9")),
        Scheme("#efe6d8", "#e2d4c0", "#f6f0e6", ("#b1282d", "#d9b25f", "#1f5a3d")),
    ),
    "candy": (
        Scheme("#f58bb4", "#f26ba0", "#f9abc8", ("#3fc8c4", "#ffd84f", "#ffffff")),
        Scheme("#4cc9c6", "#2fb7b8", "#7cdad6", ("#f76ea4", "#ffd94a", "#ffffff")),
        Scheme("#ffd95a", "#ffcb2e", "#ffe48a", ("#f26ba0", "#3ac2c4", "#ffffff")),
    ),
    "luxury": (
        Scheme("#1c1c1d", "#161617", "#242425", ("#c9a45c", "#123a2e", "#e6d3a3")),
        Scheme("#12352a", "#0e2a21", "#1b4436", ("#c9a45c", "#101011", "#e6d3a3")),
        Scheme("#20202a", "#17171f", "#2b2b37", ("#c8a86b", "#6a2f3a", "#e9dcbc")),
    ),
}

USUAL = "neutral"

APART = 0.2
"""Distance in sRGB, 0 to 1, from which a product stands out from what is behind it."""


def suited(name: str, first: int, tone: str) -> Scheme:
    """Return a scheme of a palette ("" is USUAL) before which a product of this mean colour stands out.

    They are tried in turn from number `first`; where none is far enough from the product the farthest is
    taken.
    """
    schemes = SCHEMES[name or USUAL]
    order = [schemes[(first + k) % len(schemes)] for k in range(len(schemes))]
    for scheme in order:
        if _distance(scheme.backdrop, tone) > APART:
            return scheme
    return max(order, key=lambda scheme: _distance(scheme.backdrop, tone))


def _distance(one: str, other: str) -> float:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5 / (255 * 3**0.5)
