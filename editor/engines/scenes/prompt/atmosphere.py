"""Light, hour, air, camera, pose, palette, blur and room that words name, with what they set in a plan."""

from __future__ import annotations

# id: (kind, what the page calls it, what it sets in the plan)
Row = tuple[str, str, dict[str, str]]

LIGHTS: dict[str, Row] = {
    "softbox": ("light", "soft studio light", {"light": "softbox"}),
    "high-key": ("light", "bright, nearly shadowless light", {"light": "high-key"}),
    "low-key": ("light", "dark, dramatic light", {"light": "low-key"}),
    "sunlight": ("light", "sunlight with clear shadows", {"light": "sun"}),
    "window-light": ("light", "window light", {"light": "window"}),
    "blinds": ("light", "sun through blinds", {"light": "blinds"}),
    "leaf-shadows": ("light", "sun through leaves", {"light": "leaf-shadows"}),
    "soft-morning": ("light", "soft morning light", {"light": "morning"}),
    "golden-light": ("light", "golden light", {"light": "golden"}),
    "moonlight": ("light", "moonlight", {"light": "night"}),
    "overcast": ("light", "even light of a grey sky", {"light": "overcast"}),
    # How photographs are praised, rather than lit: it gives way to whatever says more of the light.
    "cinematic": ("light", "cinematic light", {"light": "low-key", "yields": "yes"}),
    "spotlight": ("light", "spotlight", {"light": "spot"}),
    "rim-light": ("light", "light from behind", {"light": "rim"}),
    "candle-light": ("light", "candle light", {"light": "candle"}),
    "neon-light": ("light", "neon light", {"light": "neon"}),
    "warm-light": ("light", "warm light", {"warmth": "0.6"}),
    "cool-light": ("light", "cool light", {"warmth": "-0.6"}),
}

TIMES: dict[str, Row] = {
    "morning": ("time", "morning", {"light": "morning"}),
    "noon": ("time", "noon", {"light": "noon"}),
    "golden-hour": ("time", "golden hour", {"light": "golden"}),
    "sunset": ("time", "sunset", {"light": "sunset"}),
    "dusk": ("time", "dusk", {"light": "dusk"}),
    "night": ("time", "night", {"light": "night"}),
}

AIRS: dict[str, Row] = {
    "snowfall": ("air", "falling snow", {"air": "snowfall"}),
    "mist": ("air", "mist", {"air": "mist"}),
    "rain": ("air", "rain", {"air": "rain"}),
    "dust": ("air", "dust in the light", {"air": "dust"}),
    "smoke": ("air", "smoke", {"air": "smoke"}),
    "fireflies": ("air", "floating lights", {"air": "fireflies"}),
    "falling-petals": ("air", "falling petals", {"air": "falling-petals"}),
    "falling-leaves": ("air", "falling leaves", {"air": "falling-leaves"}),
    "powder": ("air", "burst of powder", {"air": "powder"}),
}

CAMERAS: dict[str, Row] = {
    "eye-level": ("camera", "seen at the product's height", {"camera": "eye"}),
    "low-angle": ("camera", "seen from below", {"camera": "low"}),
    "high-angle": ("camera", "seen from above, tilted", {"camera": "high"}),
    "top-view": ("camera", "seen straight from above", {"camera": "top", "pose": "lie"}),
    "close-up": ("camera", "close-up", {"camera": "close"}),
    "wide-angle": ("camera", "wide view", {"camera": "wide"}),
    "standing": ("pose", "the product stands", {"pose": "stand"}),
    "lying": ("pose", "the product lies", {"pose": "lie"}),
    "hanging": ("pose", "the product hangs", {"pose": "hang"}),
    "blurred": ("blur", "blurred background", {"blur": "0.9"}),
    "room-left": ("room", "empty space on the left", {"copy_space": "left"}),
    "room-right": ("room", "empty space on the right", {"copy_space": "right"}),
    "room-top": ("room", "empty space above", {"copy_space": "top"}),
    "room-any": ("room", "empty space beside the product", {"copy_space": "left", "yields": "yes"}),
    "sharp": ("blur", "sharp background", {"blur": "0.1"}),
}

PALETTE_WORDS: dict[str, Row] = {
    "neutral-colours": ("palette", "neutral colours", {"palette": "neutral"}),
    "earth-colours": ("palette", "earth colours", {"palette": "earth"}),
    "pastel-colours": ("palette", "pastel colours", {"palette": "pastel"}),
    "blush-colours": ("palette", "rose and cream", {"palette": "blush"}),
    "ocean-colours": ("palette", "blues of the sea", {"palette": "ocean"}),
    "forest-colours": ("palette", "greens of the forest", {"palette": "forest"}),
    "sunny-colours": ("palette", "sunny colours", {"palette": "sunny"}),
    "berry-colours": ("palette", "berry colours", {"palette": "berry"}),
    "monochrome": ("palette", "black to grey", {"palette": "mono"}),
    "all-white": ("palette", "all in white", {"palette": "white"}),
    "night-colours": ("palette", "colours of the night", {"palette": "night"}),
    "festive-colours": ("palette", "festive colours", {"palette": "festive"}),
    "candy-colours": ("palette", "bright, playful colours", {"palette": "candy"}),
    "luxury-colours": ("palette", "black, deep green and gold", {"palette": "luxury"}),
    "product-colours": ("palette", "the product's own colours", {"palette": "product"}),
    "cool-colours": ("palette", "cool colours", {"palette": "ocean", "warmth": "-0.3"}),
    "warm-colours": ("palette", "warm colours", {"palette": "earth", "warmth": "0.4"}),
}

# Of a colour when one stands beside it; of the light, or of the thing, when none does.
TONES: dict[str, Row] = {
    "tone-light": ("tone", "light", {"colour": "#f3efe8"}),
    "tone-dark": ("tone", "dark", {"colour": "#2a2a2e", "alone": "low-key"}),
    "tone-pale": ("tone", "pale", {"colour": "#f1ece6"}),
    "tone-deep": ("tone", "deep", {}),
    "tone-bright": ("tone", "bright", {"colour": "#faf8f4", "alone": "high-key"}),
    "tone-pastel": ("tone", "pastel", {"alone": "pastel-colours"}),
    "tone-neon": ("tone", "neon", {"alone": "neon-light"}),
    "tone-muted": ("tone", "muted", {}),
    "tone-warm": ("tone", "warm", {"alone": "warm-light"}),
    "tone-cool": ("tone", "cool", {"alone": "cool-light"}),
    "tone-soft": ("tone", "soft", {}),
}

# What is never in our pictures, or always: asked away it is granted, asked for it is missed.
ABSENT: dict[str, Row] = {
    "nobody": ("absent", "people", {}),
    "no-text": ("absent", "text", {}),
    "no-flaws": ("absent", "flaws", {}),
    "no-floating": ("absent", "floating", {}),
    "no-clutter": ("absent", "clutter", {}),
    "shadows": ("absent", "shadows", {}),
    "light-noun": ("light-noun", "light", {}),
}

ATMOSPHERE = {**LIGHTS, **TIMES, **AIRS, **CAMERAS, **PALETTE_WORDS, **TONES, **ABSENT}
