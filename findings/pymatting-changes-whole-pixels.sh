#!/usr/bin/env bash
# pymatting's estimated foreground differs from the photo where alpha is 1: whole pixels change near an edge.
#
# Estimating foreground colours answers "what would this pixel be without the background that shows through". Where alpha
# is 1 nothing shows through, so one would guess that the photo's own colour comes back there. The multi-level method
# solves for smooth colours everywhere, and near soft or hard edges pixels that are wholly subject take over some of their
# neighbours': fine texture changes by up to a third of the range. Where alpha is 1 throughout nothing changes. Who wants
# the product's own pixels has to put them back: where(alpha == 1, photo, foreground).
#
# Prints the version and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" pymatting==1.1.16
NUMBA_CACHE_DIR=$folder/kernels PYTHONPATH=$folder "$python" - <<'PYTHON'
import numpy
import pymatting
from pymatting import estimate_foreground_ml

print("pymatting", pymatting.__version__)
photo = numpy.random.default_rng(0).random((64, 64, 3))
far = numpy.hypot(*(numpy.mgrid[0:64, 0:64] - 32))
seen = {}
for name, alpha in (
    ("alpha 1 everywhere", numpy.ones((64, 64))),
    ("a disc with a hard edge", (far < 20).astype(float)),
    ("a disc with a soft edge", numpy.clip((24 - far) / 8, 0, 1)),
):
    off = 255 * numpy.abs(estimate_foreground_ml(photo, alpha) - photo)[alpha == 1]
    seen[name] = off.max()
    print(f"{name}: where alpha is 1, off by at most {off.max():.1f}, in the mean {off.mean():.2f} of 255")
assert seen["alpha 1 everywhere"] < 1, "without an edge something changes now"
assert seen["a disc with a hard edge"] > 30 and seen["a disc with a soft edge"] > 8, "whole pixels are kept now"
print("As it was found.")
PYTHON
