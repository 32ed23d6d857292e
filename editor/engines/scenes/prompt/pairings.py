"""What goes with a surface, and what before a backdrop, where a person named no place, season or mood.

Rows as in themes.py: the first of a row fits best.
"""

# ruff: noqa: E501 - a table: one piece, one line

from __future__ import annotations

from .themes import Theme, theme

DEFAULT = theme("", "sweep plaster paper gloss", "gradient wall arch disc sunlit-wall", "podium - steps plinth block", "ball leaves flowers pebbles disc", "softbox window morning", "neutral pastel earth")  # fmt: skip

FITS: dict[str, Theme] = {
    "sweep": theme("", "sweep", "sweep gradient disc arch blocks", "- podium", "ball cylinder", "softbox high-key", "neutral pastel"),
    "gloss": theme("", "gloss", "gradient wall disc", "- podium", "ball ring", "softbox rim", "neutral mono"),
    "mirror": theme("", "mirror", "gradient bokeh curtain", "-", "ball ring", "rim spot softbox", "mono night luxury"),
    "marble": theme("", "marble", "wall arch gradient sunlit-wall panels", "- block", "leaves flowers ball eucalyptus", "softbox window morning", "neutral blush white"),
    "dark-marble": theme("", "dark-marble", "gradient panels curtain", "- plinth", "ball ring candles", "low-key rim spot", "luxury mono"),
    "travertine": theme("", "travertine", "arch wall sunlit-wall leaf-shadow-wall", "- block", "pampas leaves pebbles", "sun morning softbox", "earth neutral"),
    "terrazzo": theme("", "terrazzo", "wall disc arch", "- podium", "ball leaves citrus", "sun softbox", "pastel neutral"),
    "concrete": theme("", "concrete", "concrete-wall wall gradient", "- block", "leaves plant ball", "window softbox", "neutral mono"),
    "slate": theme("", "slate", "gradient stone-wall wall", "- rock", "leaves rocks pebbles", "low-key window", "mono earth"),
    "stone": theme("", "stone", "wall stone-wall leaf-shadow-wall sunlit-wall", "- rock", "leaves pebbles rocks", "window leaf-shadows morning", "earth neutral"),
    "plaster": theme("", "plaster", "wall arch sunlit-wall leaf-shadow-wall", "- block podium", "pampas leaves vase", "sun morning softbox", "neutral earth"),
    "wood": theme("", "wood", "wall window living-room sunlit-wall", "-", "leaves plant flowers cup", "window morning", "neutral earth"),
    "dark-wood": theme("", "dark-wood", "wall gradient living-room", "-", "leaves candles books", "window low-key", "earth"),
    "planks": theme("", "planks", "garden wall brick meadow", "-", "leaves flowers pampas", "window golden", "earth"),
    "counter": theme("", "counter", "kitchen tile-wall", "- board", "leaves citrus cup", "window morning", "neutral"),
    "linen": theme("", "linen", "wall curtain sunlit-wall window", "-", "flowers pampas leaves", "window morning", "neutral blush"),
    "silk": theme("", "silk", "curtain gradient wall", "-", "petals flowers ball", "softbox window", "blush luxury"),
    "velvet": theme("", "velvet", "curtain gradient panels", "-", "ball petals ring", "low-key spot softbox", "luxury berry"),
    "knit": theme("", "knit", "living-room window wall", "-", "candles cup books", "window candle", "neutral"),
    "paper": theme("", "paper", "wall sweep blocks disc", "- podium", "ball disc cone", "softbox sun", "pastel candy"),
    "crumpled-paper": theme("", "crumpled-paper", "wall sweep gradient", "-", "leaves pampas", "window softbox", "earth neutral"),
    "tiles": theme("", "tiles", "tile-wall wall bathroom", "- block", "towel leaves drops", "window high-key", "white ocean"),
    "water": theme("", "water", "gradient sky sea wall", "- rock block", "drops petals leaves", "morning sun softbox", "ocean pastel"),
    "wet-stone": theme("", "wet-stone", "stone-wall leaf-shadow-wall forest gradient", "- rock", "pebbles leaves drops", "morning leaf-shadows", "forest neutral"),
    "sand": theme("", "sand", "sea dunes sky", "- rock", "shells pebbles pampas", "sun golden", "earth ocean"),
    "grass": theme("", "grass", "meadow garden sky", "- log", "flowers leaves", "sun morning", "forest sunny"),
    "moss": theme("", "moss", "forest leaf-shadow-wall", "- rock log", "mushrooms fir leaves", "leaf-shadows morning", "forest"),
    "forest-floor": theme("", "forest-floor", "forest", "- log", "cones fir mushrooms", "leaf-shadows", "forest"),
    "leaves": theme("", "leaves", "forest garden", "- log", "pumpkins cones", "golden", "earth"),
    "snow": theme("", "snow", "snowfield mountains fir-lights", "- log", "fir cones", "sun morning overcast", "white ocean"),
    "ice": theme("", "ice", "snowfield gradient mountains", "- ice-block", "ice-cubes", "overcast rim", "ocean white"),
    "metal": theme("", "metal", "gradient concrete-wall", "- plinth", "ball ring", "rim softbox", "mono"),
    "wet-floor": theme("", "wet-floor", "city neon gradient", "-", "drops", "night neon", "night mono"),
    "grid": theme("", "grid", "neon gradient starry", "- podium", "tubes ring", "neon", "night candy"),
}  # fmt: skip

BEFORE: dict[str, Theme] = {
    "sweep": theme("", "sweep", "", "- podium plinth", "", "softbox high-key", "neutral"),
    "gradient": theme("", "gloss sweep plaster", "", "podium - plinth", "ball", "softbox rim", "neutral pastel"),
    "wall": theme("", "plaster sweep wood travertine", "", "- podium block", "leaves vase pampas", "window softbox morning", "neutral earth"),
    "panels": theme("", "marble dark-wood wood", "", "- plinth", "vase flowers", "window softbox", "neutral"),
    "arch": theme("", "plaster travertine sand", "", "podium steps -", "pampas leaves ball", "sun morning", "earth blush"),
    "disc": theme("", "plaster paper gloss", "", "podium steps -", "ball leaves", "softbox sun", "pastel neutral"),
    "blocks": theme("", "plaster paper", "", "podium -", "ball cube cylinder", "sun softbox", "pastel earth"),
    "stone-wall": theme("", "stone travertine slate", "", "- rock block", "leaves pebbles", "window low-key", "earth neutral"),
    "brick": theme("", "planks wood concrete", "", "- crate", "plant leaves lamp", "window golden", "earth"),
    "concrete-wall": theme("", "concrete wood metal", "", "- block", "plant leaves", "window low-key", "mono neutral"),
    "tile-wall": theme("", "tiles counter marble", "", "- tray", "leaves towel", "window high-key", "white ocean"),
    "curtain": theme("", "velvet silk wood gloss", "", "- podium", "flowers drape", "softbox spot window", "blush luxury"),
    "sunlit-wall": theme("", "plaster wood linen", "", "- block", "vase leaves pampas", "window sun", "neutral earth"),
    "leaf-shadow-wall": theme("", "plaster travertine wood", "", "- podium block", "leaves palm", "leaf-shadows sun", "neutral forest"),
    "bokeh": theme("", "gloss dark-wood dark-marble", "", "-", "ball candles", "softbox low-key", "luxury night"),
    "kitchen": theme("", "counter wood", "", "- board", "leaves cup", "window morning", "neutral"),
    "bathroom": theme("", "tiles wet-stone marble", "", "- tray", "towel leaves", "window high-key", "white"),
    "living-room": theme("", "wood dark-wood", "", "-", "books plant candles", "window morning", "neutral"),
    "window": theme("", "wood linen plaster", "", "-", "plant flowers cup", "window morning", "neutral"),
    "sky": theme("", "sweep plaster grass", "", "podium - rock", "flowers ball feathers", "sun morning", "pastel ocean"),
    "sea": theme("", "sand wet-stone planks", "", "- rock", "shells pebbles", "sun golden", "ocean"),
    "dunes": theme("", "sand", "", "- rock", "pampas rocks", "golden sun", "earth"),
    "meadow": theme("", "grass planks", "", "- log", "flowers leaves", "sun golden", "forest sunny"),
    "garden": theme("", "grass planks stone", "", "- log", "flowers leaves", "sun leaf-shadows", "forest blush"),
    "forest": theme("", "moss forest-floor planks", "", "log rock -", "fir mushrooms leaves", "leaf-shadows morning", "forest"),
    "mountains": theme("", "stone slate planks", "", "rock -", "rocks pebbles", "morning sun", "neutral ocean"),
    "snowfield": theme("", "snow ice", "", "- log", "fir cones", "sun morning", "white ocean"),
    "city": theme("", "wet-floor gloss concrete", "", "-", "drops", "night dusk", "night"),
    "neon": theme("", "wet-floor gloss grid", "", "- podium", "tubes", "neon", "night candy"),
    "starry": theme("", "stone sand gloss", "", "- rock", "stars", "night rim", "night"),
    "fir-lights": theme("", "dark-wood planks snow", "", "- gift", "baubles fir gifts", "candle golden", "festive"),
}  # fmt: skip
