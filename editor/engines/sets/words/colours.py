"""Colours by name, and what light, dark, pale and their like make of them.

CSS Color Module Level 4, section 6.1, and the everyday names that shops use. Written small, "#rrggbb".
"""

from __future__ import annotations

import colorsys
import re

CSS = """
alice-blue f0f8ff antique-white faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4
black 000000 blanched-almond ffebcd blue 1f5fd6 blue-violet 8a2be2 brown 7b4a2b burly-wood deb887
cadet-blue 5f9ea0 chartreuse 7fff00 chocolate 7b3f1d coral ff7f50 cornflower-blue 6495ed cornsilk fff8dc
crimson dc143c cyan 00ffff dark-blue 00008b dark-cyan 008b8b dark-goldenrod b8860b dark-gray 5a5a5a
dark-green 0b4a1f dark-khaki bdb76b dark-magenta 8b008b dark-olive-green 556b2f dark-orange ff8c00
dark-orchid 9932cc dark-red 8b0000 dark-salmon e9967a dark-sea-green 8fbc8f dark-slate-blue 483d8b
dark-slate-gray 2f4f4f dark-turquoise 00ced1 dark-violet 9400d3 deep-pink ff1493 deep-sky-blue 00bfff
dim-gray 696969 dodger-blue 1e90ff firebrick b22222 floral-white fffaf0 forest-green 228b22 fuchsia ff00ff
gainsboro dcdcdc ghost-white f8f8ff goldenrod daa520 gray 8c8c8c green 2e8b3d green-yellow adff2f
honeydew f0fff0 hot-pink ff69b4 indian-red cd5c5c indigo 4b0082 ivory fffff0 khaki c3b091
lavender-blush fff0f5 lawn-green 7cfc00 lemon-chiffon fffacd light-blue add8e6 light-coral f08080
light-cyan e0ffff light-goldenrod-yellow fafad2 light-gray d3d3d3 light-green 90ee90 light-pink ffb6c1
light-salmon ffa07a light-sea-green 20b2aa light-sky-blue 87cefa light-slate-gray 778899
light-steel-blue b0c4de light-yellow ffffe0 lime-green 32cd32 magenta ff00ff maroon 6b1423
medium-aquamarine 66cdaa medium-blue 0000cd medium-orchid ba55d3 medium-purple 9370db
medium-sea-green 3cb371 medium-slate-blue 7b68ee medium-spring-green 00fa9a medium-turquoise 48d1cc
medium-violet-red c71585 midnight-blue 191970 mint-cream f5fffa misty-rose ffe4e1 moccasin ffe4b5
navajo-white ffdead navy 14213d old-lace fdf5e6 olive 808000 olive-drab 6b8e23 orange ff8c1a
orange-red ff4500 pale-goldenrod eee8aa pale-green 98fb98 pale-turquoise afeeee pale-violet-red db7093
papaya-whip ffefd5 peach-puff ffdab9 peru cd853f pink f7a8c0 plum 8e4585 powder-blue b0e0e6 purple 7a2f9c
rebecca-purple 663399 red d6202b rosy-brown bc8f8f royal-blue 4169e1 saddle-brown 8b4513 salmon fa8072
sandy-brown f4a460 sea-green 2e8b57 sienna a0522d sky-blue 87ceeb slate-blue 6a5acd slate-gray 708090
spring-green 00ff7f steel-blue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0
wheat-colour f5deb3 white ffffff white-smoke f5f5f5 yellow ffd93b yellow-green 9acd32
"""

EVERYDAY = """
off-white f8f4ec cream fff4dc eggshell f0ead6 pearl-white f4f0e8 snow-white fdfdfd alabaster f2eee6 bone e3dac9
vanilla f3e5ab champagne f0dcb8 nude e3bc9a skin-colour e8beac blush-colour eec4bf blush-pink f1c6c6
powder-pink f4d3d3 dusty-pink d8a9a9 dusty-rose c98b8b old-rose c08081 baby-pink f8cdd6 rose-pink f19cbb
baby-blue a9d3f0 ice-blue d6ecf5 dusty-blue 8fa8bd denim 4a6a8f cobalt 0047ab ultramarine 2b3f9e
electric-blue 1f51ff petrol 0f4c5c peacock-blue 00687a ocean-blue 1b6f9c duck-egg bfd8d0 sapphire 1c3f94
emerald 0f8a5f jade 3fa37a bottle-green 0c4a34 hunter-green 355e3b sage a3b18a pistachio b5cf8c
olive-green 71743b moss-green 6f7a3d grass-green 5d9b35 khaki-green 7d7a4e army-green 4b5320 mint-green b0e2c8 mint-colour b0e2c8
apple-green 8db600 avocado 6f8240 matcha a8b878 eucalyptus-green 8ba894 celadon ace1af seafoam 9fe2c4
mustard d4a017 ochre c7852b saffron f2b21f amber e8a317 honey d9962f butter-yellow f7e7a1 canary fff36b
sunny-yellow ffd23f golden-yellow f2b632 apricot f8c49c peach fbc4a4 melon f7b59c papaya f79a5e
tangerine f28500 pumpkin-orange e07b26 burnt-orange c1561d rust b0502a terracotta c8674a clay b66a50
brick-red a4412f cinnamon-colour b0713f caramel c68642 toffee a6703c camel c19a6b cognac 9a4a24 chestnut 7f4330
cocoa 6e4a36 coffee-brown 5d4031 espresso 3c2a21 walnut-brown 5b4032 mahogany 5a2418 taupe 9e9083 greige c9bfb0
mushroom-colour b9a99a oatmeal dccfb8 sandstone d2b890 stone-grey a39e93 ash-grey b2b5ae dove-grey b5b3ae pearl-grey d4d2cc
silver-grey bfc1c2 anthracite 33373b charcoal 3a3d40 graphite 41444a gunmetal 2c3539 jet-black 0a0a0a ink-blue 1d2a4a
burgundy 6d1a36 wine-red 722f37 bordeaux 6a1b2d oxblood 4a0f12 cherry-red c11f3a ruby a3123f scarlet e0261b
carmine c21e3a vermilion e2492f lipstick-red c2183c raspberry-red c72c5b magenta-pink d6338a cerise de3163
mauve b790b5 aubergine 4b2a44 mulberry 7a2d55 amethyst 9466c7 periwinkle a6b1ec lilac-colour c8a2c8 orchid-colour da70d6 heather a58fb8
neon-pink ff2fa0 neon-green 39ff14 neon-yellow f5ff3a neon-blue 2d6bff neon-orange ff6a13 hot-magenta ff1dce
"""

_LISTED = (CSS + EVERYDAY).split()
COLOURS = {name: f"#{hexed}" for name, hexed in zip(_LISTED[::2], _LISTED[1::2], strict=True)}


def _hls(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    rgb = colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), min(max(saturation, 0), 1))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def toned(colour: str, tone: str) -> str:
    """Return a colour made light, dark, pale, deep, bright, pastel, neon, muted, warm, cool or soft."""
    hue, lightness, saturation = _hls(colour)
    grey = saturation < 0.08
    match tone:
        case "light":
            return _hex(hue, lightness + (1 - lightness) * 0.55, saturation * 0.9)
        case "dark":
            return _hex(hue, lightness * 0.5, saturation)
        case "pale" | "soft":
            return _hex(hue, lightness + (1 - lightness) * 0.6, saturation * 0.7)
        case "deep":
            return _hex(hue, lightness * 0.65, saturation if grey else saturation * 1.15)
        case "bright":
            return _hex(hue, lightness if grey else 0.3 * lightness + 0.37, saturation if grey else 0.95)
        case "pastel":
            return _hex(hue, max(lightness, 0.86), saturation if grey else min(0.65, saturation))
        case "neon":
            return _hex(hue, lightness if grey else 0.55, saturation if grey else 1.0)
        case "muted":
            return _hex(hue, lightness, saturation * 0.5)
        case _:
            return colour


def read(written: str) -> str:
    """Return "#rrggbb" of a colour written as #rgb, #rrggbb, rrggbb or rgb(r, g, b); numbers stop at 255."""
    if written.startswith("rgb"):
        numbers = [min(int(number), 255) for number in re.findall(r"\d+", written)[:3]]
        return "#" + "".join(f"{number:02x}" for number in numbers)
    digits = written.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def apart(one: str, other: str) -> float:
    """Return how far two colours are from each other: 0 alike, about 1.7 black from white."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return float(sum(((a - b) / 255) ** 2 for a, b in pairs) ** 0.5)
