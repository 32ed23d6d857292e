#!/usr/bin/env bash
# Blender 5.2's "Factor" sockets still answer to "Fac", which their list no longer shows.
#
# One would guess that node.outputs["Fac"] works exactly where "Fac" is one of node.outputs.keys(), as with any mapping.
# In 5.2 the sockets "Fac" of noise, ramp, mix shader and others are called "Factor": keys() lists that alone. Looking up
# "Fac" and asking whether it is in outputs succeed all the same (the identifier kept the old name). So a script that
# looks a socket up goes on working unnoticed, one that goes through names to find it fails, and "Factor" and "Fac" are
# two names of one socket, of which a loop over keys() sees one. ShaderNodeMix has no "Fac", whatever its siblings do.
#
# Needs Python 3.13, as this Blender does. Prints the version and what was seen; ends with an error as soon as that
# changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3.13}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" bpy==5.2.3
PYTHONPATH=$folder "$python" - <<'PYTHON'
import bpy

print("Blender", bpy.app.version_string)
tree = bpy.data.node_groups.new("tree", "ShaderNodeTree")
seen = {}
for kind, side in (
    ("ShaderNodeTexNoise", "outputs"),
    ("ShaderNodeValToRGB", "inputs"),
    ("ShaderNodeMixShader", "inputs"),
    ("ShaderNodeMix", "inputs"),
):
    sockets = getattr(tree.nodes.new(kind), side)
    found = sockets.get("Fac")
    seen[kind] = ("Fac" in sockets.keys(), "Fac" in sockets, found is not None, found is not None and found.name)
    print(f"{kind} {side}: 'Fac' in keys() {seen[kind][0]}, in {side} {seen[kind][1]}, found as {seen[kind][3]!r}")
assert all(seen[kind] == (False, True, True, "Factor") for kind in seen if kind != "ShaderNodeMix")
assert seen["ShaderNodeMix"] == (False, False, False, False)
print("As it was found.")
PYTHON
