"""How long a change of a finish takes to be seen on the stage, and what a brush shows, in a real browser.

    python -m bench.stage [--rounds N]

Starts a studio's web process on loopback with a cutout of 12 megapixels, opens it in Chromium at 1440 × 900,
and changes one thing of its finish after another, as a hand does that drags: `seen` is from the change to the
end of the frame that shows it, `script` what of that was arithmetic and drawing, and `frame` the longest
between two frames meanwhile. `painting` is the same for a brush of middling size moved over the cutout:
its local answer, which the engine's follows. Nothing is ordered and no answer is waited for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.end_to_end.installation import Studio
from tests.support.browsing import chromium

SIDES = 4000, 3000
# What is dragged, from and to; what is chosen before, so that it means something.
DRAGGED: dict[str, tuple[str, float, float, dict[str, str]]] = {
    "margin": ("margin", 2, 20, {"canvas": "exact"}),
    "rotation": ("rotation", -20, 20, {}),
    "exposure": ("exposure", -1, 1, {}),
    "shadow": ("shadow_softness", 0, 1, {"shadow": "contact"}),
    "shadow turned": ("rotation", -20, 20, {}),
    "reflection": ("shadow_strength", 0.2, 1, {"shadow": "reflection"}),
}
SEED = """
from tests.desk.seeds import *
alice = seat("bench")
cutout = bare_cutout(alice, {0}, {1})
hand_over(ticket=ticket(alice), photo=cutout.photo_id)
"""
WATCH = """() => {
    window.frames_ = [];
    let last = performance.now();
    const note = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""
DRAG = """async ([name, from, to, rounds]) => {
    const field = document.getElementById("finishing").elements[name];
    const taken = [];
    const worked = [];
    window.frames_.length = 0;
    for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        field.value = String(from + ((to - from) * round) / (rounds - 1));
        field.dispatchEvent(new Event("input", { bubbles: true }));
        let work = performance.now() - began;
        await new Promise((done) => {
            requestAnimationFrame((frame) => {
                work += performance.now() - frame; // the stage's drawing came before, in this frame
                const channel = new MessageChannel();
                channel.port1.onmessage = done;
                channel.port2.postMessage(0);
            });
        });
        worked.push(work);
        taken.push(performance.now() - began);
    }
    return [taken, worked, [...window.frames_]];
}"""


def main() -> None:
    """Print the table: medians, the 95th of a hundred, the slowest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(Path(scratch))
        with studio.web_alone():
            taken = measure(studio, asked.rounds)
    print(f"{SIDES[0]} × {SIDES[1]} pixels; milliseconds, {asked.rounds} changes each")
    print(f"{'':16s} {'seen':>6s} {'95 %':>6s} {'script':>6s} {'95 %':>6s} {'frame':>6s}")
    for name, (seen, worked, frames) in taken.items():
        row = [statistics.median(seen), late(seen), statistics.median(worked), late(worked), max(frames)]
        print(f"{name:16s} " + " ".join(f"{value:6.0f}" for value in row))


def late(values: list[float]) -> float:
    """Return what 95 of a hundred are below."""
    return statistics.quantiles(values, n=20)[-1]


def measure(studio: Studio, rounds: int) -> dict[str, list[list[float]]]:
    """Return, by what is changed: how long until it is seen, how long it was worked on, all frames."""
    people = json.loads(studio.shell(SEED.format(*SIDES)).strip().splitlines()[-1])
    taken = {}
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{**people["ticket"], "url": studio.url}])
        page = context.new_page()
        page.goto(f"{studio.url}/editor/photos/{people['photo']}/")
        page.wait_for_selector(".stage.live")
        page.locator("#finishing details").evaluate_all("all => { for (const one of all) one.open = true; }")
        page.evaluate(WATCH)
        for name, (field, start, end, chosen) in DRAGGED.items():
            for radio, value in chosen.items():
                page.locator(f'#finishing label:has([name="{radio}"][value="{value}"])').click()
            # The first time something is made that is kept.
            page.evaluate(DRAG, [field, start, end, 3])
            taken[name] = page.evaluate(DRAG, [field, start, end, rounds])
        taken["painting"] = paint(page, rounds)
    return taken


def paint(page: Page, rounds: int) -> list[list[float]]:
    """Paint over the cutout, a step a frame."""
    page.route("**/correct/", lambda route: route.abort())
    page.keyboard.press("r")
    paper = page.locator(".paper").bounding_box()
    assert paper is not None
    return page.evaluate(PAINT, [paper, rounds])


PAINT: Any = """async ([paper, rounds]) => {
    const canvas = document.querySelector(".stage-canvas");
    const taken = [];
    const worked = [];
    const send = (type, share) => canvas.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1, button: 0, buttons: 1, pointerType: "pen",
        clientX: paper.x + paper.width * (0.3 + 0.3 * share),
        clientY: paper.y + paper.height * (0.5 + 0.1 * Math.sin(9 * share)),
    }));
    canvas.setPointerCapture = () => {};
    send("pointerdown", 0);
    window.frames_.length = 0;
    for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        send("pointermove", round / rounds);
        let work = performance.now() - began;
        await new Promise((done) => {
            requestAnimationFrame((frame) => {
                work += performance.now() - frame;
                const channel = new MessageChannel();
                channel.port1.onmessage = done;
                channel.port2.postMessage(0);
            });
        });
        worked.push(work);
        taken.push(performance.now() - began);
    }
    const frames = [...window.frames_];
    send("pointerup", 1);
    return [taken, worked, frames];
}"""


if __name__ == "__main__":
    main()
