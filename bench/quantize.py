"""Fits the ranges of the network in eight bits, and says what eight bits cost.

    python -m bench.quantize [--keep]

Runs the network in 32 bits over photos that scikit-image ships, each mirrored and inverted too, and takes
of every flow (editor/engines/networks/quantization.py) the mean over the pictures of its least and of its
largest value, as is usual for post-training quantization. --keep writes them to isnet_ranges.json.
Prints, over products drawn by bench.matte, how far eight bits are from 32: mean difference in thousandths,
overlap, and each one's overlap with the truth.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator
from itertools import islice

import numpy as np
import openvino as ov
import openvino.opset11 as opset
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines.networks import isnet, isnet_model, quantization, weights

from . import matte

REDUCTIONS = (opset.reduce_min, opset.reduce_max)
EVERY = 4
"""Of the drawn products one in so many is compared."""

Pixels = NDArray[np.uint8]
PHOTOS = (
    "astronaut",
    "coffee",
    "chelsea",
    "rocket",
    "stereo_motorcycle",
    "retina",
    "immunohistochemistry",
    "colorwheel",
    "logo",
    "camera",
)


def main() -> int:
    """Print the table; 1 where eight bits are further from the truth than is allowed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", action="store_true", help="write the ranges into the engine")
    asked = parser.parse_args()
    seen = list(photos())
    ranges = fit_ranges(seen)
    if asked.keep:
        keep(ranges, len(seen))
    return compare(list(islice(matte.draw_products(), None, None, EVERY)))


def photos() -> Iterator[Pixels]:
    """Yield photos, and each mirrored and as its negative, as further looks show them."""
    for name in PHOTOS:
        given = getattr(skimage.data, name)()
        photo = given[0] if isinstance(given, tuple) else given
        photo = np.dstack([photo] * 3) if photo.ndim == 2 else photo[..., :3]
        yield from (photo, np.ascontiguousarray(photo[:, ::-1]), np.invert(photo))


def fit_ranges(pictures: list[Pixels]) -> dict[str, quantization.Range]:
    """Return the mean least and largest value of each flow over the pictures."""
    model = isnet_model.read_model()
    flows = quantization.find_flows(model)
    limits = [reduce(output, [0, 1, 2, 3]) for output in flows.values() for reduce in REDUCTIONS]
    watched = ov.Model([limit.output(0) for limit in limits], model.get_parameters(), "watched")
    request = isnet_model.compile_model(watched, "f32").create_infer_request()
    seen: list[list[quantization.Range]] = []
    for number, picture in enumerate(pictures, 1):
        request.infer({0: isnet.squeeze(picture)[np.newaxis]})
        values = [float(request.get_output_tensor(place).data) for place in range(2 * len(flows))]
        seen.append(list(zip(values[::2], values[1::2], strict=True)))
        print(f"\r{number} of {len(pictures)} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    means = np.mean(np.array(seen), axis=0)
    return {name: (float(low), float(high)) for name, (low, high) in zip(flows, means, strict=True)}


def keep(ranges: dict[str, quantization.Range], count: int) -> None:
    """Write the ranges, and how they came to be, into the engine."""
    document = {
        "what": "Ranges of ISNet's flows in eight bits, see quantization.py. Fitted by "
        f"`python -m bench.quantize --keep` on {count} pictures: photos that scikit-image ships, mirrored "
        "and inverted.",
        "weights": weights.ISNET.editions[0].sha256,
        "ranges": {name: [round(low, 5), round(high, 5)] for name, (low, high) in ranges.items()},
    }
    quantization.RANGES.write_text(json.dumps(document, indent=1) + "\n", "ascii")


def compare(cases: list[matte.Case]) -> int:
    """Print what the engine's own ranges cost on these cases; 1 where that is too much."""
    exact, eight = isnet.Segmenter(kind="f32"), isnet.Segmenter(kind="int8")
    drift, overlap, true_exact, true_eight = [], [], [], []
    for case in cases:
        a, b = exact.subject(case.rgb), eight.subject(case.rgb)
        truth = np.asarray(Image.fromarray(case.alpha).resize(a.shape[::-1], Image.Resampling.BILINEAR))
        drift.append(float(np.abs(a - b).mean()) * 1000)
        overlap.append(iou(a, b))
        true_exact.append(iou(a, truth))
        true_eight.append(iou(b, truth))
    print(f"{len(cases)} drawn products; mean (worst)")
    print(f"drift {statistics.mean(drift):.2f} ({max(drift):.2f}) thousandths")
    print(f"overlap of both {statistics.mean(overlap):.4f} ({min(overlap):.4f})")
    of_exact, of_eight = statistics.mean(true_exact), statistics.mean(true_eight)
    print(f"overlap with the truth: 32 bits {of_exact:.4f}, 8 bits {of_eight:.4f}")
    return int(of_eight < of_exact - 0.001)


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a_in, b_in = a > 0.5, b > 0.5
    return int((a_in & b_in).sum()) / max(1, int((a_in | b_in).sum()))


if __name__ == "__main__":
    sys.exit(main())
