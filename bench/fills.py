"""What erasing leaves, on pictures whose hidden ground is known, beside another build in one run.

    python -m bench.fills [FOLDER …] [--half 0|1] [--each N] [--kind KIND …] [--beside BUILD] [--sheet FOLDER]

FOLDER: of products with alpha, pasted beside those drawn here (bench/fill_cases.py says how). By kind are
printed: PSNR and SSIM over all that the thing changed; `look`, how far the fill looks from the truth (means,
spreads and steepness in four directions of its colours in blocks of 8, 16 and 32 pixels: what lies elsewhere
but alike costs little, what breaks much; 0 the same); `copied`, the share of the hole that has the colours of
other things of the picture which its ground has nowhere; how many are usable (look and copied below what an
eye lets pass, USABLE), and CPU seconds a fill. BUILD is a checkout with its own .venv. --sheet: each case's
picture with its mask, truth and fills at 100 %.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage, spatial
from skimage.metrics import structural_similarity

from . import fill_cases
from .fill_cases import Case, Pixels

ROOT = Path(__file__).resolve().parents[1]

USABLE_LOOK, USABLE_COPIED = 5.0, 0.01
"""Set by eye on the work half: above, a fill is seen at 100 %."""

BLOCK, COPY = 9, 45.0
"""A block's side, and how near in its 27 values (of 255) one is a copy of another."""

WORK = """
import json, sys, time
from pathlib import Path
import numpy as np
from editor.engines.tools import erase
erase.warm()
# Loading the network that looks for subjects, where a build has one, is no part of a fill.
getattr(erase, "find_subjects", len)(np.zeros((64, 64, 3), np.uint8))
for line in sys.stdin:
    path = Path(line.strip())
    case = np.load(path)
    began, used = time.perf_counter(), time.process_time()
    filled = erase.erase(case["image"], case["mask"])
    took = {"clock": time.perf_counter() - began, "cpu": time.process_time() - used}
    np.save(path.with_suffix(".npy"), filled)
    print(json.dumps(took), flush=True)
"""


@dataclass(frozen=True)
class Verdict:
    """What is measured of one fill."""

    psnr: float
    ssim: float
    look: float
    copied: float
    cpu: float

    @property
    def usable(self) -> bool:
        return self.look < USABLE_LOOK and self.copied < USABLE_COPIED


class Build:
    """A checkout whose erasing runs in a process of its own."""

    def __init__(self, folder: Path) -> None:
        python = folder / ".venv/bin/python"
        self.process = subprocess.Popen(
            [python if python.exists() else sys.executable, "-c", WORK],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fill(self, case: Case) -> tuple[Pixels, float]:
        """Return the case's picture, erased, and the CPU seconds it took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.npz"
            np.savez(path, image=case.image, mask=case.mask)
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            took = json.loads(self.process.stdout.readline())
            return np.load(path.with_suffix(".npy")), float(took["cpu"])


def main() -> int:
    """Print the table; 1 where this build has fewer usable fills than the one beside it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1), default=0)
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--kind", action="append", choices=fill_cases.KINDS)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--cases", action="store_true", help="print each fill's look, too")
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    builds = {"ours": Build(ROOT)}
    if asked.beside:
        builds["beside"] = Build(asked.beside)
    rows: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: {name: [] for name in builds})
    if asked.sheet:
        asked.sheet.mkdir(parents=True, exist_ok=True)
    for case in fill_cases.make_cases(asked.half, asked.each, asked.folders, asked.kind):
        shown = [_marked(case), case.truth]
        words = [case.name, "truth"]
        for name, build in builds.items():
            filled, seconds = build.fill(case)
            verdict = judge(case, filled, seconds)
            rows[case.kind][name].append(verdict)
            shown.append(filled)
            if asked.cases:
                print(
                    f"{case.name:24}{name:8} look {verdict.look:6.2f} copied {verdict.copied:.4f}", flush=True
                )
            words.append(f"{name} look {verdict.look:.2f} copied {verdict.copied:.3f}")
        if asked.sheet:
            _draw_sheet(shown, words).save(asked.sheet / f"{case.name}.png")
    everything = {name: [one for row in rows.values() for one in row[name]] for name in builds}
    print(f"{'':20}    PSNR   SSIM    look  copied   usable     CPU s")
    for kind, row in [*rows.items(), ("all", everything)]:
        for name, verdicts in row.items():
            print(f"{kind:10}{name:10}{_summarize(verdicts)}", flush=True)
    usable = {name: sum(one.usable for one in verdicts) for name, verdicts in everything.items()}
    return 0 if usable["ours"] == max(usable.values()) else 1


def judge(case: Case, filled: Pixels, seconds: float) -> Verdict:
    """Return what is measured of a fill of a case."""
    error = case.truth[case.judged].astype(np.float64) - filled[case.judged]
    psnr = float(10 * np.log10(255**2 / max(float(np.mean(error**2)), 1e-9)))
    _, local = structural_similarity(case.truth, filled, channel_axis=2, full=True)
    ssim = float(local[case.judged].mean())
    return Verdict(psnr, ssim, measure_look(case, filled), measure_copied(case, filled), seconds)


def measure_look(case: Case, filled: Pixels) -> float:
    """Return how far the fill looks from the truth, see the module's words: 0 the same."""
    total = []
    features = [_features(image) for image in (case.truth, filled)]
    difference = features[0] - features[1]
    spread = features[0] ** 2 - features[1] ** 2
    for side in (8, 16, 32):
        means = np.stack(
            [ndimage.uniform_filter(difference[..., c], side) for c in range(difference.shape[2])], -1
        )
        rough = np.stack([ndimage.uniform_filter(spread[..., c], side) for c in range(3)], -1)
        far = np.abs(means).sum(-1) + np.sqrt(np.abs(rough).sum(-1)) * 0.15
        # The worst tenth is what the eye sees.
        total.append(0.5 * far[case.judged].mean() + 0.5 * np.percentile(far[case.judged], 95))
    # On grass nobody sees what is seen at once on a plain wall.
    light = features[0][..., 0]
    busy = ndimage.uniform_filter(light**2, 16) - ndimage.uniform_filter(light, 16) ** 2
    return float(statistics.mean(total)) / (1 + float(np.sqrt(np.maximum(busy, 0))[case.judged].mean()) / 2)


def _features(image: Pixels) -> NDArray[np.float64]:
    """Return L, a, b, and how steep L is in four directions."""
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)
    light = ndimage.gaussian_filter(lab[..., 0], 0.7)
    steps = [np.abs(np.roll(light, shift, (0, 1)) - light) for shift in ((0, 1), (1, 0), (1, 1), (1, -1))]
    return np.dstack([lab, *(2 * step for step in steps)])


def measure_copied(case: Case, filled: Pixels) -> float:
    """Return the share of the mask that was copied from the picture's other things.

    A block of the fill counts where its colours or its like are found in other things, and not in the
    ground, nor in what the truth has there.
    """
    if not case.foreign.any():
        return 0.0
    bins = [(image.astype(np.int64) // 16) @ np.array([256, 16, 1]) for image in (case.truth, filled)]
    own = np.bincount(bins[0][~case.foreign], minlength=4096)
    theirs = np.bincount(bins[0][case.foreign], minlength=4096)
    near = ndimage.maximum_filter(own.reshape(16, 16, 16), 3).ravel()
    odd = (theirs > 3) & (near < 3)
    copied = ndimage.binary_opening(odd[bins[1]] & case.mask)
    inner = ndimage.binary_erosion(case.foreign, iterations=BLOCK // 2)
    ground = ~ndimage.binary_dilation(case.foreign | case.mask, iterations=BLOCK)
    if inner.any() and ground.any():
        places = np.argwhere(case.mask)
        places = places[((places % 4) == 0).all(axis=1)]
        blocks = [_blocks(image, places) for image in (filled, case.truth)]
        theirs_like, own_like = (
            spatial.cKDTree(_blocks(case.truth, np.argwhere(area)[::every]))
            for area, every in ((inner, 3), (ground, 7))
        )
        alike, before = (theirs_like.query(block)[0] for block in blocks)
        elsewhere = own_like.query(blocks[0])[0]
        hit = (alike < COPY) & (alike < 0.5 * elsewhere) & (before > COPY)
        for y, x in places[hit]:
            copied[y - 2 : y + 2, x - 2 : x + 2] = True
    return float((copied & case.mask).sum() / case.mask.sum())


def _blocks(image: Pixels, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the calmed colours of 3 x 3 cells of the block around each place, (N, 27)."""
    calm = ndimage.uniform_filter(image.astype(np.float64), (3, 3, 0))
    steps = (-3, 0, 3)
    return np.concatenate(
        [
            calm[(places[:, 0] + y) % len(calm), (places[:, 1] + x) % calm.shape[1]]
            for y in steps
            for x in steps
        ],
        axis=1,
    )


def _summarize(verdicts: list[Verdict]) -> str:
    figures = [
        statistics.mean(getattr(one, name) for one in verdicts)
        for name in ("psnr", "ssim", "look", "copied", "cpu")
    ]
    count = sum(one.usable for one in verdicts)
    return (
        f"{figures[0]:8.2f}{figures[1]:7.3f}{figures[2]:8.2f}{figures[3]:8.4f}"
        f"{count:5} of {len(verdicts):2}{figures[4]:8.2f}"
    )


def _marked(case: Case) -> Pixels:
    shown = case.image.copy()
    edge = ndimage.binary_dilation(case.mask, iterations=2) & ~case.mask
    shown[edge] = (255, 0, 200)
    return shown


def _draw_sheet(pictures: list[Pixels], words: list[str]) -> Image.Image:
    high, wide = pictures[0].shape[:2]
    canvas = Image.new("RGB", (2 * (wide + 4), -(-len(pictures) // 2) * (high + 16)), "white")
    pen = ImageDraw.Draw(canvas)
    for number, (pixels, text) in enumerate(zip(pictures, words, strict=True)):
        left, top = number % 2 * (wide + 4), number // 2 * (high + 16)
        pen.text((left + 2, top + 2), text, "black")
        canvas.paste(Image.fromarray(pixels), (left, top + 14))
    return canvas


if __name__ == "__main__":
    sys.exit(main())
