#!/usr/bin/env bash
# pillow-jxl-plugin takes every quality up to 99 for JPEG XL; at 100, the end of its scale, nothing can be saved.
#
# Its readme offers "JPEG-Style quality", and JPEG's scale ends at 100, which people set who want the least loss. One would
# guess that 100 is lossless, or the best of the lossy ones. In 1.3.8 whatever is saved at 100 ends in a RuntimeError,
# "The encoder API is used in an incorrect way", which names neither the option nor a way out: RGB, RGBA and grey alike.
# 99 works; lossless=True, which hands the same 100 to the encoder together with a flag, gives back every pixel.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    pillow-jxl-plugin==1.3.8 pillow==13.0.0
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io
from importlib.metadata import version

import pillow_jxl  # noqa: F401 (registers the format)
from PIL import Image

print("pillow-jxl-plugin", version("pillow-jxl-plugin"), "Pillow", version("pillow"))


def save(mode, **options):
    file = io.BytesIO()
    try:
        Image.linear_gradient("L").convert(mode).save(file, "JXL", **options)
    except RuntimeError as error:
        return f"RuntimeError: {error}"
    with Image.open(file) as back:
        same = back.tobytes() == Image.linear_gradient("L").convert(mode).tobytes()
    return "saved, every pixel comes back" if same else "saved, with loss"


for mode in ("RGB", "RGBA", "L"):
    seen = [save(mode, quality=90), save(mode, quality=99), save(mode, quality=100), save(mode, lossless=True)]
    for name, what in zip(("quality=90", "quality=99", "quality=100", "lossless=True"), seen, strict=True):
        print(f"{mode:4} {name:13} {what}")
    assert seen[1].startswith("saved") and seen[2].startswith("RuntimeError"), "100 can be saved now"
    assert seen[3] == "saved, every pixel comes back"
print("As it was found.")
PYTHON
