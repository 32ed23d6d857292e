#!/usr/bin/env bash
# rembg keeps a picture's numbers and drops the profile that says which colours they are.
#
# One would guess that a cutout of a photo in Adobe RGB or Display P3 shows the same colours: either converted to
# sRGB, or with the profile carried over. rembg 2.0.86 does neither: RGB values come out unchanged, and the profile
# is gone, from bytes to bytes and from picture to picture. A pure red of a wide profile turns into sRGB's red,
# which is another and duller one. (The density in dpi goes the same way.)
#
# The profile here is made on the spot: sRGB's curves, primaries wider than sRGB's. Uses a session with a mask of our
# own, so no network is loaded. Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" "rembg[cpu]==2.0.86"
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io
import struct
from importlib.metadata import version

from PIL import Image, ImageCms
from rembg import remove

print("rembg", version("rembg"))


class Session:
    def predict(self, image, *rest, **more):
        return [Image.new("L", image.size, 255)]


def wide():
    """Return sRGB's profile with red and green exchanged for Display P3's, in place."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    p3 = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.1571, 0.06657, 0.78407)}
    for number in range(struct.unpack(">I", profile[128:132])[0]):
        name, start, _ = struct.unpack(">4sII", profile[132 + 12 * number : 144 + 12 * number])
        if name in p3:
            profile[start + 8 : start + 20] = struct.pack(">3i", *(round(65536 * value) for value in p3[name]))
    return bytes(profile)


photo = io.BytesIO()
Image.new("RGB", (32, 32), (230, 40, 40)).save(photo, "PNG", icc_profile=wide(), dpi=(300, 300))
with Image.open(photo) as picture:
    true = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(wide())), ImageCms.createProfile("sRGB"))
    kept = remove(picture, session=Session())
with Image.open(io.BytesIO(remove(photo.getvalue(), session=Session()))) as cut:
    left, pixel = sorted(cut.info), cut.getpixel((16, 16))[:3]
print("as sRGB the photo is", true.getpixel((16, 16)))
print("the cutout is", pixel, "and carries", left or "nothing", "- of a picture handed over as such:", sorted(kept.info) or "nothing")
assert max(abs(a - b) for a, b in zip(true.getpixel((16, 16)), (230, 40, 40))) > 8, "the profile made is no wider"
assert pixel == (230, 40, 40) and not left and not kept.info, "something of it is kept now"
print("As it was found.")
PYTHON
