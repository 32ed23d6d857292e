#!/usr/bin/env bash
# LibRaw takes an ordinary TIFF for camera raw and develops it: a grey picture comes out in colour.
#
# One would guess that asking LibRaw whether it can open a file tells whether the file is camera raw. It does
# not: a 16-bit grey TIFF with alpha, which has no colour filter array, no camera's name and no DNG version,
# is opened, taken for a sensor's mosaic and demosaiced. Grey of 150 comes out purple. Whether a TIFF is raw
# must be told from its tags before LibRaw is asked.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    rawpy==0.28.0 numpy==2.2.6 tifffile==2026.3.3
PYTHONPATH=$folder "$python" - "$folder" <<'PYTHON'
import sys

import numpy
import rawpy
import tifffile

path = sys.argv[1] + "/grey.tif"
print("rawpy", rawpy.__version__, "LibRaw", ".".join(map(str, rawpy.libraw_version)))
pixels = numpy.full((96, 128, 2), 65535, numpy.uint16)
pixels[..., 0] = 150 * 257
pixels[:, :64, 1] = 0
tifffile.imwrite(path, pixels, photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"])
with tifffile.TiffFile(path) as file:
    tags = {tag.name for tag in file.pages[0].tags}
print("its tags:", ", ".join(sorted(tags)))
assert not tags & {"CFAPattern", "DNGVersion", "Make", "Model"}
with rawpy.imread(path) as raw:
    developed = raw.postprocess(use_camera_wb=True)
colour = developed[48, 96].tolist()
print(f"grey of 150 is developed to {colour}")
assert max(colour) - min(colour) > 40, "it is grey now"
print("As it was found.")
PYTHON
