"""Palettes: colours that go together, chosen as a set designer would, several schemes to each mood."""

from __future__ import annotations

from .rows import Palette, Scheme

PALETTES: dict[str, Palette] = {
    "": Palette("the colours that suit the pieces"),
    "neutral": Palette(
        "white, linen, warm grey",
        hues=("#e8e2d8",),
        schemes=(
            Scheme("#e4dfd7", "#dad3c8", "#efebe4", ("#b9a78f", "#8c7b68", "#f4f1ec")),
            Scheme("#dcdad6", "#cfccc6", "#e9e7e3", ("#a8a39b", "#77716a", "#f0eeea")),
            Scheme("#e9e1d3", "#d9cbb6", "#f1eadf", ("#c2a57e", "#9a7b57", "#f6f2ea")),
        ),
    ),
    "earth": Palette(
        "terracotta, sand, clay",
        hues=("#c8674a",),
        schemes=(
            Scheme("#c98f6b", "#b97552", "#dba987", ("#8f4b2e", "#e7c7a6", "#6d5844")),
            Scheme("#d8b892", "#c69a70", "#e4cba9", ("#a85f3b", "#7c6a4d", "#f0dfc6")),
            Scheme("#b98465", "#d7b491", "#c99b7a", ("#7a3f2a", "#efdcc3", "#94795a")),
        ),
    ),
    "pastel": Palette(
        "powder pink, mint, pale yellow",
        hues=("#f4c2cc", "#b0e2c8"),
        schemes=(
            Scheme("#f3d9d6", "#f0cfcf", "#f8e8e4", ("#bfe0d2", "#f5e6b3", "#cdd6f0")),
            Scheme("#d3e8df", "#c4dfd4", "#e4f1eb", ("#f4cfc9", "#f6e7b8", "#c9d3ee")),
            Scheme("#f6ecc9", "#f3e3b4", "#faf3dc", ("#f2c6c3", "#bcdccf", "#ccd4ef")),
            Scheme("#d9dcf2", "#ccd1ec", "#e8eaf7", ("#f3d0da", "#c8e6dc", "#f7ebc4")),
        ),
    ),
    "blush": Palette(
        "rose and cream",
        hues=("#eebfc2",),
        schemes=(
            Scheme("#ecd0c8", "#dfb4aa", "#f3dfd8", ("#c98a7d", "#f7ece5", "#b06f66")),
            Scheme("#f0dcd2", "#e6c2b5", "#f6e8e0", ("#cf9484", "#fbf4ee", "#a9665c")),
        ),
    ),
    "ocean": Palette(
        "blues and foam",
        hues=("#3f7fb5",),
        schemes=(
            Scheme("#bcd8e2", "#86b6c9", "#d9eaf0", ("#2f6f8f", "#f1f6f6", "#59a3a6")),
            Scheme("#cfe3e4", "#a3c9cc", "#e2efef", ("#2b7a86", "#f5efe2", "#174f66")),
        ),
    ),
    "forest": Palette(
        "greens and bark",
        hues=("#3d6b35",),
        schemes=(
            Scheme("#a9b79a", "#7d9173", "#c2ccb5", ("#46583f", "#d9d2b8", "#7a5c42")),
            Scheme("#c5cbb3", "#9fae8e", "#d8dcc9", ("#5a6e4e", "#efe9d8", "#8c6e50")),
        ),
    ),
    "sunny": Palette(
        "yellow, orange, warm white",
        hues=("#ffd23f", "#f28c28"),
        schemes=(
            Scheme("#f7d57e", "#f5c452", "#fae3a4", ("#ee8b3c", "#fff7e6", "#e7623a")),
            Scheme("#f9dfae", "#f4bd77", "#fcecc9", ("#ee9440", "#fffaf0", "#d9692f")),
        ),
    ),
    "berry": Palette(
        "wine, plum, pink",
        hues=("#7a2d55", "#f7a8c0"),
        schemes=(
            Scheme("#8f3a57", "#7a2745", "#a85170", ("#d98aa3", "#4e1730", "#f0d3db")),
            Scheme("#b76a86", "#9c4a6c", "#cb89a1", ("#5b2140", "#f0cdd8", "#7f2f55")),
        ),
    ),
    "mono": Palette(
        "black to grey",
        hues=("#1d1d1f",),
        schemes=(
            Scheme("#2a2a2c", "#1f1f21", "#38383b", ("#6d6d70", "#a6a6a9", "#111113")),
            Scheme("#5c5c5f", "#47474a", "#717174", ("#202022", "#c9c9cc", "#8c8c90")),
        ),
    ),
    "white": Palette(
        "pure white",
        hues=("#ffffff",),
        schemes=(Scheme("#f6f6f5", "#f6f6f5", "#fafafa", ("#ffffff", "#ececeb", "#dededd")),),
    ),
    "product": Palette(
        "the product's own colours, lighter and darker",
        # What a product without colours gets; of others scenes/palettes.py makes a scheme.
        hues=("#e4e2de",),
        schemes=(Scheme("#e4e2de", "#d8d6d1", "#efedea", ("#b5b2ac", "#8b8882", "#f4f3f1")),),
    ),
    "night": Palette(
        "deep blue and violet",
        hues=("#191970", "#7a2f9c"),
        schemes=(
            Scheme("#23284f", "#1b1f45", "#303768", ("#6f62c9", "#3c86d6", "#c25bd0")),
            Scheme("#2c2350", "#211a43", "#3d3269", ("#8c5fd6", "#4a7be0", "#e06ac0")),
        ),
    ),
    "festive": Palette(
        "red, green, gold",
        hues=("#c1121f", "#1f7a3a", "#d4af37"),
        schemes=(
            Scheme("#a3262b", "#8c1c22", "#b63a3c", ("#d9b25f", "#1f5a3d", "#f3ead9")),
            Scheme("#1f4f39", "#17402d", "#2c6248", ("#d9b25f", "#b1282d", "#f3ead9")),
            Scheme("#efe6d8", "#e2d4c0", "#f6f0e6", ("#b1282d", "#d9b25f", "#1f5a3d")),
        ),
    ),
    "candy": Palette(
        "saturated pink, turquoise, yellow",
        hues=("#ff69b4", "#40e0d0", "#ffd93b"),
        schemes=(
            Scheme("#f58bb4", "#f26ba0", "#f9abc8", ("#3fc8c4", "#ffd84f", "#ffffff")),
            Scheme("#4cc9c6", "#2fb7b8", "#7cdad6", ("#f76ea4", "#ffd94a", "#ffffff")),
            Scheme("#ffd95a", "#ffcb2e", "#ffe48a", ("#f26ba0", "#3ac2c4", "#ffffff")),
        ),
    ),
    "luxury": Palette(
        "black, deep green, gold",
        hues=("#0b0b0c", "#0c4a34", "#d4af37"),
        schemes=(
            Scheme("#1c1c1d", "#161617", "#242425", ("#c9a45c", "#123a2e", "#e6d3a3")),
            Scheme("#12352a", "#0e2a21", "#1b4436", ("#c9a45c", "#101011", "#e6d3a3")),
            Scheme("#20202a", "#17171f", "#2b2b37", ("#c8a86b", "#6a2f3a", "#e9dcbc")),
        ),
    ),
}
