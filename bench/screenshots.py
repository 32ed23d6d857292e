"""Screenshots of every page, at 1440 and 390 pixels, light and dark, empty, busy, done and failed.

    python -m bench.screenshots FOLDER [PHOTO …]

Starts a studio of its own on loopback and looks at it with Chromium. Without photos it uses those
that scikit-image ships.
"""

import argparse
import tempfile
from pathlib import Path

import skimage.data
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.end_to_end.installation import Studio
from tests.support.browsing import chromium

SIZES: dict[str, ViewportSize] = {
    "1440": {"width": 1440, "height": 900},
    "390": {"width": 390, "height": 844},
}
EMAIL = "maria@example.com"


def write_photos(folder: Path) -> list[Path]:
    """Write photos that scikit-image ships, and a damaged one, and return their paths."""
    paths = []
    for name in ("rocket", "chelsea", "astronaut", "coffee"):
        path = folder / f"{name}.jpg"
        Image.fromarray(getattr(skimage.data, name)()).save(path, quality=92)
        paths.append(path)
    damaged = folder / "damaged.jpg"
    damaged.write_bytes(paths[0].read_bytes()[:9000])
    return [damaged, *paths]


def sign_in(page: Page, studio: Studio, password: str) -> None:
    page.goto(f"{studio.url}/account/sign-in/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/editor/**")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("photos", type=Path, nargs="*")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        photos = args.photos or write_photos(Path(scratch))
        studio = Studio(Path(scratch) / "studio")
        studio.start()
        try:
            password = studio.add_person(EMAIL)
            page = browser.new_page(viewport=SIZES["1440"])

            def shoot(name: str) -> None:
                page.wait_for_timeout(600)
                page.screenshot(path=args.folder / f"{name}.png")
                print(args.folder / f"{name}.png")

            page.goto(studio.url)
            shoot("sign-in")
            sign_in(page, studio, password)
            shoot("empty")
            page.locator("input[type=file][multiple]").first.set_input_files(photos)
            shoot("busy")
            page.wait_for_selector("#frames li", timeout=60_000)
            page.wait_for_selector("#frames li[data-under-way]", state="detached", timeout=120_000)
            page.wait_for_timeout(1500)
            shoot("done")
            state = page.context.storage_state()
            address = page.url
            page.context.close()
            for scheme in ("light", "dark"):
                for size, viewport in SIZES.items():
                    context = browser.new_context(
                        viewport=viewport,
                        color_scheme=scheme,
                        storage_state=state,
                        has_touch=size == "390",
                    )
                    page = context.new_page()
                    pages = {
                        "editor": address,
                        "gallery": "/gallery/",
                        "account": "/account/",
                        "none": "/no/",
                    }
                    for name, path in pages.items():
                        page.goto(path if path.startswith("http") else studio.url + path)
                        page.wait_for_timeout(600)
                        shoot(f"{name}-{size}-{scheme}")
                    context.close()
        finally:
            studio.stop()


if __name__ == "__main__":
    main()
