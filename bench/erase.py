"""Object removal beside OpenCV's two and scikit-image's, on the same holes, in one run.

    python -m bench.erase [--sheet FILE] [--size] [--rounds N] [PHOTO:x,y,w,h[:x,y,w,h …] …]

`ours` is editor.engines.tools.erase, `telea` and `ns` are cv2.inpaint (radius 5), `biharmonic` is
skimage.restoration.inpaint_biharmonic. Textures and photos that scikit-image ships have a hole cut
into them, so that the truth is known. What photos given as arguments hide is not, so they have no
figures but seconds, and are there for the sheet.

PSNR and SSIM compare the hole with the truth pixel by pixel, which rewards a blur. `texture` does not:
it is the sliced Wasserstein distance (Rabin, Peyre, Delon, Bernot, "Wasserstein Barycenter and Its
Application to Texture Mixing", SSVM 2011) between the 7 x 7 patches of the filled hole and those of
the truth, in grey levels, mean of full and half size: 0 for the same statistics wherever they lie.
Seconds are medians. `seam` is how much steeper the picture is across the hole's outline than it is
inside and around, as a ratio of mean gradients: 1 where nothing shows; above, an edge; below, a blur.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage.metrics import structural_similarity
from skimage.restoration import inpaint_biharmonic

from editor.engines.inpainting import erase_mask
from editor.engines.io import pictures
from editor.engines.tools import erase

Pixels = NDArray[np.uint8]
Holes = NDArray[np.bool_]
Way = Callable[[Pixels, Holes], Pixels]

DIRECTIONS = 96
THUMB = 320
# Four holes to a texture, always at the same places: what one hole hides may be odd.
QUARTERS = [(70, 70, 120, 120), (310, 70, 120, 120), (70, 310, 120, 120), (310, 310, 120, 120)]
HOLES: dict[str, list[tuple[int, int, int, int]]] = {
    "brick": QUARTERS,
    "grass": QUARTERS,
    "gravel": QUARTERS,
    "immunohistochemistry": QUARTERS,
    "coffee": [(440, 60, 110, 110)],
    "chelsea": [(20, 160, 90, 90)],
    "camera": [(20, 20, 100, 100), (380, 330, 70, 60)],
}

TEXTURES = ("brick", "grass", "gravel", "immunohistochemistry")


@dataclass(frozen=True)
class Case:
    """A picture, its hole, and whether what the hole hides is known."""

    name: str
    image: Pixels
    hole: Holes
    has_truth: bool


def main() -> int:
    """Print the tables and write the contact sheet; 1 where ours is not best in texture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", help="a file and the rectangles to erase from it")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet here")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--size", action="store_true", help="measure ours at 1, 4 and 16 megapixels, too")
    asked = parser.parse_args()
    erase.warm()
    cases = [load_example(name) for name in HOLES] + [read_case(text) for text in asked.photos]
    means: dict[str, list[float]] = {name: [] for name in WAYS}
    rows = []
    print(f"{'':24}{'':12}  seconds    PSNR    SSIM  texture    seam")
    for case in cases:
        row = [mark(case), case.image]
        for name, way in WAYS.items():
            seconds, filled = time_way(way, case, asked.rounds)
            row.append(filled)
            line = f"{case.name:24}{name:12}  {seconds:7.2f}"
            if case.has_truth:
                distance = texture_distance(case.image, filled, case.hole)
                if case.name in TEXTURES:
                    means[name].append(distance)
                line += f" {psnr(case, filled):7.2f} {ssim(case, filled):7.3f} {distance:8.2f}"
                line += f" {seam(filled, case.hole):7.2f}"
            print(line, flush=True)
        rows.append(row)
    overall = {name: statistics.mean(values) for name, values in means.items()}
    print(
        "texture, mean of the four textures: "
        + "   ".join(f"{name} {value:.2f}" for name, value in overall.items())
    )
    if asked.size:
        sizes()
    if asked.sheet:
        sheet(rows, [case.name for case in cases]).save(asked.sheet)
    return 0 if overall["ours"] == min(overall.values()) else 1


def biharmonic(image: Pixels, hole: Holes) -> Pixels:
    filled = inpaint_biharmonic(image, hole, channel_axis=-1, split_into_regions=True)
    result = image.copy()
    result[hole] = np.clip(filled[hole] * 255 + 0.5, 0, 255)
    return result


def by_opencv(method: int) -> Way:
    return lambda image, hole: np.asarray(cv2.inpaint(image, hole.astype(np.uint8), 5, method), np.uint8)


WAYS: dict[str, Way] = {
    "ours": erase.erase,
    "telea": by_opencv(cv2.INPAINT_TELEA),
    "ns": by_opencv(cv2.INPAINT_NS),
    "biharmonic": biharmonic,
}


def load_example(name: str) -> Case:
    """Return one of scikit-image's pictures with a hole cut into it."""
    image = np.asarray(getattr(skimage.data, name)())
    rgb = np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image[..., :3]
    rgb = np.ascontiguousarray(rgb)
    height, width = rgb.shape[:2]
    return Case(name, rgb, erase_mask.mask_from_rectangles(HOLES[name], width, height), has_truth=True)


def read_case(text: str) -> Case:
    """Return a photo and its rectangles from FILE:x,y,w,h:x,y,w,h."""
    path, *rectangles = text.split(":")
    picture = pictures.read(path)
    hole = erase_mask.mask_from_rectangles([r.split(",") for r in rectangles], picture.width, picture.height)
    return Case(Path(path).stem, picture.rgb, hole, has_truth=False)


def time_way(way: Way, case: Case, rounds: int) -> tuple[float, Pixels]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        filled = way(case.image, case.hole)
        times.append(time.perf_counter() - started)
    return statistics.median(times), filled


def mark(case: Case) -> Pixels:
    shown = case.image.copy()
    shown[case.hole] = (255, 0, 200)
    return shown


def psnr(case: Case, filled: Pixels) -> float:
    """Return the PSNR within the hole in dB."""
    error = case.image[case.hole].astype(np.float64) - filled[case.hole]
    return float(10 * np.log10(255**2 / max(float(np.mean(error**2)), 1e-9)))


def ssim(case: Case, filled: Pixels) -> float:
    """Return the mean SSIM over the hole's pixels."""
    _, local = structural_similarity(case.image, filled, channel_axis=2, full=True)
    return float(local[case.hole].mean())


def texture_distance(truth: Pixels, filled: Pixels, hole: Holes) -> float:
    """Return the sliced Wasserstein distance of the patches over the hole, see the module's words."""
    distances = []
    for step in (1, 2):
        clouds = [patches(image, hole, step) for image in (truth, filled)]
        directions = np.random.default_rng(7).standard_normal((clouds[0].shape[1], DIRECTIONS))
        directions /= np.linalg.norm(directions, axis=0)
        ordered = [np.sort(cloud @ directions, axis=0) for cloud in clouds]
        distances.append(float(np.sqrt(np.mean((ordered[0] - ordered[1]) ** 2))))
    return statistics.mean(distances)


def patches(image: Pixels, hole: Holes, step: int) -> NDArray[np.float64]:
    """Return the grey 7 x 7 patches that lie wholly in the hole, (N, 49), at 1/step of the size."""
    grey = image.astype(np.float64).mean(axis=2)
    if step > 1:
        height, width = (side // step * step for side in grey.shape)
        grey = grey[:height, :width].reshape(height // step, step, width // step, step).mean(axis=(1, 3))
        hole = hole[:height:step, :width:step]
    view = np.lib.stride_tricks.sliding_window_view
    inside = view(hole, (7, 7)).all(axis=(2, 3))
    return view(grey, (7, 7))[inside].reshape(-1, 49)


def seam(filled: Pixels, hole: Holes) -> float:
    """Return the mean gradient across the outline over the mean of those 3 to 12 pixels off it."""
    kernel = np.ones((3, 3), np.uint8)
    grey = filled.astype(np.float64).mean(axis=2)
    steep = np.abs(np.diff(grey, axis=1))
    hole_bytes = hole.astype(np.uint8)
    across = np.diff(hole_bytes, axis=1) != 0

    def ring(near: int, far: int) -> Holes:
        wide = cv2.dilate(hole_bytes, kernel, iterations=far) - cv2.erode(hole_bytes, kernel, iterations=far)
        thin = cv2.dilate(hole_bytes, kernel, iterations=near) - cv2.erode(
            hole_bytes, kernel, iterations=near
        )
        return np.asarray((wide - thin)[:, 1:] > 0)

    return float(steep[across].mean() / max(steep[ring(3, 12)].mean(), 1e-9))


PEAK = """
import sys, tempfile
from pathlib import Path
from editor.engines.tools import dispatch
x, y, width, height = map(int, sys.argv[2].split(","))
box = {"x": x, "y": y, "width": width, "height": height}
with tempfile.TemporaryDirectory() as folder:
    dispatch.run("erase", sys.argv[1], folder, {"rectangles": [box]})
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def sizes() -> None:
    """Print the seconds of ours at the sizes that are promised, and the peak memory of a fresh process."""
    coffee = Image.fromarray(skimage.data.coffee())
    for width, height, share in ((1224, 816, 0.05), (2448, 1632, 0.10), (4096, 4096, 0.10)):
        image = np.asarray(coffee.resize((width, height), Image.Resampling.LANCZOS))
        side = share**0.5
        box = (width * (1 - side) / 2, height * (1 - side) / 2, width * side, height * side)
        hole = erase_mask.mask_from_rectangles([box], width, height)
        started = time.perf_counter()
        erase.erase(image, hole)
        seconds = time.perf_counter() - started
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "photo.png"
            Image.fromarray(image).save(path, compress_level=1)
            command = [sys.executable, "-c", PEAK, str(path), ",".join(str(round(side)) for side in box)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        megabytes = int(done.stdout) // 1024
        print(
            f"{width}x{height}, {share:.0%} marked: {seconds:.2f} s, {megabytes} MB with all it loads",
            flush=True,
        )


def sheet(rows: list[list[Pixels]], names: list[str]) -> Image.Image:
    """Return all pictures in a grid: marked, as it is, and every way's."""
    heads = ["marked", "as it is", *WAYS]
    drawn: list[list[Image.Image]] = []
    for row in rows:
        thumbs = [Image.fromarray(pixels) for pixels in row]
        for thumb in thumbs:
            thumb.thumbnail((THUMB, THUMB))
        drawn.append(thumbs)
    heights = [max(thumb.height for thumb in row) + 18 for row in drawn]
    canvas = Image.new("RGB", (len(heads) * (THUMB + 8), sum(heights)), "white")
    pen = ImageDraw.Draw(canvas)
    top = 0
    for thumbs, name, height in zip(drawn, names, heights, strict=True):
        for number, thumb in enumerate(thumbs):
            left = number * (THUMB + 8)
            pen.text((left + 2, top + 2), f"{name}: {heads[number]}", "black")
            canvas.paste(thumb, (left, top + 16))
        top += height
    return canvas


if __name__ == "__main__":
    sys.exit(main())
