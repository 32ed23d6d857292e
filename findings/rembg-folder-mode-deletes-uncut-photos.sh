#!/usr/bin/env bash
# rembg p -d deletes photos that it never cut out: two of one name in different folders, or cup.jpg beside cup.png.
#
# "rembg p IN OUT" works through a folder with all folders in it, and one would guess that OUT holds a cutout for each
# photo, in folders of the same names, and that --delete_input removes what was processed. rembg 2.0.86 writes all results
# flat into OUT as NAME.png, and passes over a photo whose result "is there already", which it takes another folder's
# photo or another file type's for. Of three photos one cutout comes out, nothing is printed, the command ends with 0,
# and with -d all three photos are gone.
#
# Uses a model of one operation made on the spot (-m u2net_custom), so no network is fetched. Prints versions and
# what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "rembg[cpu,cli]==2.0.86" onnx==1.20.1
cd "$folder"
venv/bin/python - <<'PYTHON'
import pathlib

import onnx
from onnx import TensorProto, helper
from PIL import Image

# The mask is the picture's own first channel.
node = helper.make_node("ReduceMean", ["in"], ["out"], axes=[1], keepdims=1)
shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, depth, 320, 320]) for name, depth in (("in", 3), ("out", 1))]
graph = helper.make_graph([node], "mean", shapes[:1], shapes[1:])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), "mean.onnx")
for name, colour in (("mugs/front.jpg", "red"), ("plates/front.jpg", "green"), ("mugs/front.png", "blue")):
    path = pathlib.Path("photos", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    photo = Image.new("RGB", (64, 64), "white")
    photo.paste(colour, (16, 16, 48, 48))
    photo.save(path)
PYTHON
export REMBG_HOME=$folder U2NET_HOME=$folder  # where models may lie
before=$(find photos -type f | wc -l)
venv/bin/rembg p -m u2net_custom -x '{"model_path": "mean.onnx"}' -d photos cutouts >out.txt 2>err.txt
after=$(find photos -type f | wc -l)
cutouts=$(find cutouts -type f | wc -l)
venv/bin/python -c 'from importlib.metadata import version; print("rembg", version("rembg"))'
echo "photos before: $before, cutouts: $cutouts, photos left: $after; files: $(cd cutouts && echo *)"
echo "said: $(cat out.txt)"
[ "$before $cutouts $after" = "3 1 0" ] && [ ! -s out.txt ]
echo "As it was found."
