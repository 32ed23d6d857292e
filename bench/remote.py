"""What it adds to have a cutout made by another service: a second studio on loopback.

    python -m bench.remote [--rounds N] [PHOTO …]

Starts two studios, one of which hands its cutouts over to the other. `here` is the whole way of a
photo through the second alone, `there` through both, in turn and over HTTP; what lies between is
the hand-over, the wait for the next look, the fetch, and storing it twice. Medians of one run.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import skimage.data
from PIL import Image

from tests.end_to_end.installation import Studio

from .way import HEADERS, wait_for_archive

MEGAPIXEL = (1225, 816)


def seconds_of(studio: Studio, client: httpx.Client, photo: Path) -> float:
    """Return how long one photo takes, from its upload to its archived cutout."""
    started = time.time()
    files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
    client.post("/editor/photos/", files=files, data={"tool": "cutout"}, headers=HEADERS).raise_for_status()
    return wait_for_archive(studio, started) - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        chosen = args.photos
        if not chosen:
            chosen = [Path(scratch) / "coffee-1mp.jpg"]
            Image.fromarray(skimage.data.coffee()).resize(MEGAPIXEL).save(chosen[0], quality=92)
        service = Studio(Path(scratch) / "service")
        service.start()
        try:
            own = service.client("alice@example.com", service.add_person("alice@example.com"))
            key = service.manage("createkey", "alice@example.com", "--qps", "100").split()[-1]
            reached = {"PICWISH_URL": service.url, "PICWISH_KEY": key, "PROVIDER_CUTOUT": "picwish"}
            studio = Studio(Path(scratch) / "studio", settings=reached)
            studio.start()
            try:
                client = studio.client("bob@example.com", studio.add_person("bob@example.com"))
                print(f"{'photo':28s} {'here':>8s} {'there':>8s} {'adds':>8s}   seconds, medians")
                for photo in chosen:
                    here, there = [], []
                    for _ in range(args.rounds):
                        here.append(seconds_of(service, own, photo))
                        there.append(seconds_of(studio, client, photo))
                    middle = statistics.median(here), statistics.median(there)
                    print(f"{photo.name:28s} {middle[0]:8.2f} {middle[1]:8.2f} {middle[1] - middle[0]:8.2f}")
            finally:
                studio.stop()
        finally:
            service.stop()


if __name__ == "__main__":
    main()
