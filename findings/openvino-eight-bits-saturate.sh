#!/usr/bin/env bash
# OpenVINO's eight-bit convolutions are silently wrong on CPUs without VNNI: half of the true sum, in the worst case.
#
# One would guess that a model quantised to eight bits gives the same integers on every x86 CPU, only slower on older
# ones. Without VNNI (most office PCs up to 2020 and many rented machines) OpenVINO's CPU plugin adds two products
# of an unsigned and a signed byte in 16 bits, which saturate: 255 x 127 twice is 64770, kept is 32767. No warning,
# no fallback; large flows against large weights lose up to half. Quantising weights to seven bits avoids it.
#
# Plays the older CPU by oneDNN's ONEDNN_MAX_CPU_ISA=AVX2, which any x86-64 with AVX2 obeys; a convolution of ones
# by ones over 3 x 3 x 32 should give 288. Prints versions and what was seen; ends with an error as soon as that
# changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" openvino==2026.4.1 numpy==2.2.6
cat > "$folder/convolve.py" <<'PYTHON'
import numpy
import openvino
import openvino.opset11 as operations


def rounded(output, low, high, levels):
    limits = [operations.constant(numpy.float32(limit)) for limit in (low, high, low, high)]
    return operations.fake_quantize(output, *limits, levels).output(0)


source = operations.parameter([1, 32, 8, 8], numpy.float32)
flow = rounded(source.output(0), 0, 1, 256)
weights = rounded(operations.constant(numpy.ones((32, 32, 3, 3), numpy.float32)).output(0), -1, 1, 255)
convolved = operations.convolution(flow, weights, [1, 1], [0, 0], [0, 0], [1, 1])
model = openvino.Model([operations.relu(convolved)], [source], "sums")
compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
print(float(compiled([numpy.ones((1, 32, 8, 8), numpy.float32)])[0].min()))
PYTHON
export PYTHONPATH=$folder
"$python" -c 'import openvino; print("OpenVINO", openvino.__version__)'
old=$(ONEDNN_MAX_CPU_ISA=AVX2 "$python" "$folder/convolve.py")
echo "the sum of 288 products of 1 by 1, as a CPU without VNNI computes it: $old"
echo "as this CPU computes it: $("$python" "$folder/convolve.py")"
"$python" -c 'import sys; assert abs(float(sys.argv[1]) - 288 * 32767 / 64770) < 0.01, "it no longer saturates"' "$old"
echo "As it was found."
