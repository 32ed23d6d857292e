"""How long a 12-megapixel JPEG takes to be read: without a profile, with sRGB's, with Display P3's.

    python -m bench.decode [--beside FOLDER] [--rounds N]

FOLDER: another build's code, unpacked (`git archive BUILD | tar -x -C FOLDER`), which reads the same files in
this environment. Each build is a process of its own that stays warm; rounds are interleaved, so that what
else the machine does falls on all alike. Prints medians of CPU seconds (all threads) and the ratios.
"""

from __future__ import annotations

import argparse
import io
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageCms

from editor.engines.io.colour import spaces

SIZE = (4000, 3000)
P3 = spaces.PRIMARIES[12]

READER = """
import sys, time
try:
    from editor.engines.io import pictures
except ImportError:  # a build from before the engines had folders
    from editor.engines import pictures
for line in sys.stdin:
    began = time.process_time()
    pictures.read(line.strip())
    print(time.process_time() - began, flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--beside", type=Path, help="another build's code")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    builds = {"this build": Path(__file__).parents[1]}
    if asked.beside:
        builds[str(asked.beside.name)] = asked.beside
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(Path(folder))
        seconds = measure(files, builds, asked.rounds)
    print(f"| JPEG, 12 megapixels | {' | '.join(builds)} | ratio |")
    print("|---" * (len(builds) + 2) + "|")
    for name in files:
        medians = [statistics.median(seconds[build, name]) for build in builds]
        figures = " | ".join(f"{one:.3f} s" for one in medians)
        print(f"| {name} | {figures} | {medians[0] / medians[-1]:.2f} |")


def write_files(folder: Path) -> dict[str, Path]:
    """Write one photo with each profile, and return the files by what is in them."""
    photo = Image.fromarray(skimage.data.coffee()).resize(SIZE, Image.Resampling.LANCZOS)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profiles = {"no profile": None, "sRGB's profile": srgb, "Display P3's profile": display_p3(srgb)}
    files = {}
    for number, (name, profile) in enumerate(profiles.items()):
        files[name] = folder / f"{number}.jpg"
        photo.save(files[name], quality=92, icc_profile=profile)
    return files


def display_p3(srgb: bytes) -> bytes:
    """Return sRGB's profile with the primaries of Display P3, under D50 as profiles have them."""
    made = bytearray(srgb)
    columns = np.linalg.inv(spaces.from_d50()) @ spaces.to_srgb(P3)
    (count,) = struct.unpack_from(">I", made, 128)
    for place in range(132, 132 + 12 * count, 12):
        name, at, _ = struct.unpack_from(">4sII", made, place)
        if name in (b"rXYZ", b"gXYZ", b"bXYZ"):
            numbers = columns[:, b"rgb".index(name[:1])]
            struct.pack_into(">3i", made, at + 8, *(round(number * 65536) for number in numbers))
    # Builds there were that went by the name.
    named = bytes(made).replace("sRGB built-in".encode("utf-16-be"), "Display P3 it".encode("utf-16-be"))
    if ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(named))).startswith("sRGB"):
        raise SystemExit("the profile is still called sRGB")
    return named


def measure(
    files: dict[str, Path], builds: dict[str, Path], rounds: int
) -> dict[tuple[str, str], list[float]]:
    """Return seconds by build and file. The first round of each is not counted."""
    readers = {
        name: subprocess.Popen(
            [sys.executable, "-c", READER], cwd=code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name, code in builds.items()
    }
    seconds: dict[tuple[str, str], list[float]] = {}
    for turn in range(rounds + 1):
        for name, path in files.items():
            for build, reader in readers.items():
                if reader.stdin is None or reader.stdout is None:
                    raise SystemExit(f"{build} takes no files")
                reader.stdin.write(f"{path}\n")
                reader.stdin.flush()
                took = float(reader.stdout.readline())
                if turn:
                    seconds.setdefault((build, name), []).append(took)
    for reader in readers.values():
        reader.communicate()
    return seconds


if __name__ == "__main__":
    main()
