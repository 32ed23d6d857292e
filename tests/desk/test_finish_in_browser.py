"""A cutout's finish is changed and seen at once, in a real browser; what leaves is what was seen."""

import base64
import json
import random
import re
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from editor.engines.finishing import frame, light
from editor.engines.finishing.finish import Finish
from editor.engines.io import pictures

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

MODULES = "/static/js/tools/cutout/finish"
PEOPLE = """
alice = seat("finish-{name}")
cutouts = [bare_cutout(alice, name=f"vase {{number}}.jpg") for number in range({count})]
hand_over(ticket=ticket(alice), photos=[cutout.photo_id for cutout in cutouts],
          results=[cutout.pk for cutout in cutouts])
"""


LEDGER = """
from accounts.models.ledger import Account
photo = Photo.objects.get(pk={photo!r})
hand_over(tasks=[str(task.pk) for task in photo.tasks.all()], results=[
    [str(result.pk), result.file.name, result.bytes] for result in photo.results.all()
], ledger=list(Account.objects.filter(user=photo.owner).values("balance", "entries", "entries__amount")))
"""


@pytest.fixture
def people(seed: Seed, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Somebody new with one cutout."""
    name = "".join(letter for letter in request.node.name if letter.isalpha())
    return seed(PEOPLE.format(name=name[:60], count=1))


@pytest.fixture
def page(open_as: Opener, people: dict[str, Any]) -> Page:
    """That cutout on the stage."""
    return open_finish(open_as, people)


def open_finish(open_as: Opener, people: dict[str, Any], which: int = 0, **options: Any) -> Page:
    viewport = {"width": 1440, "height": 1000}
    page = open_as(
        people["ticket"], f"/editor/photos/{people['photos'][which]}/", viewport=viewport, **options
    )
    expect(page.locator(".stage.live")).to_be_visible()
    expect(page.locator('[data-finish="undo"]')).to_be_visible()
    page.locator("#finishing details").evaluate_all(
        "groups => { for (const one of groups) one.open = true; }"
    )
    return page


def choose(page: Page, **fields: str) -> None:
    """Set fields of the finish as somebody would: what is one of several is pressed, the rest moved to."""
    for name, value in fields.items():
        field = page.locator(f'#finishing [name="{name}"]')
        kind = field.first.get_attribute("type")
        if kind == "radio":
            page.locator(f'#finishing label:has([name="{name}"][value="{value}"])').click()
        else:
            field.evaluate(
                """(field, value) => {
                    if (field.type === "checkbox") field.checked = value === "on";
                    else field.value = value;
                    for (const name of ["input", "change"])
                        field.dispatchEvent(new Event(name, { bubbles: true }));
                }""",
                value,
            )


def settle(page: Page, seed: Seed, photo: str) -> dict[str, Any]:
    """Wait until nothing is left to send; return what the studio has."""
    expect(page.locator("#finishing[data-pending]")).to_have_count(0)
    return seed(
        "from editor.models import Finish\n"
        f"photo = Photo.objects.get(pk={photo!r})\n"
        "row = photo.finishes.filter(number=photo.finish_number).first()\n"
        "hand_over(number=photo.finish_number, data=row.data if row else {}, tasks=photo.tasks.count())"
    )


def see(page: Page) -> np.ndarray:
    """Return what the stage shows of the canvas at 100 %, RGB, without the photo before and the knob."""
    expect(page.locator(".stage.live")).to_be_visible()
    page.locator('[data-group="place"]').evaluate("group => { group.open = false; }")
    if page.locator('[data-view="compare"]').get_attribute("aria-pressed") == "true":
        page.locator('[data-view="compare"]').click()
    page.keyboard.press("1")
    page.locator(".stage-canvas").focus()
    expect(page.locator('[data-view="actual"]')).to_have_text("100 %")
    content = page.evaluate(
        """async () => {
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const canvas = document.querySelector(".stage-canvas");
            const { x, y } = document.querySelector(".paper").getBoundingClientRect();
            const box = canvas.getBoundingClientRect();
            const { width, height } = document.querySelector(".paper").getBoundingClientRect();
            const { data } = canvas.getContext("2d").getImageData(x - box.x, y - box.y, width, height);
            let text = "";
            for (let at = 0; at < data.length; at += 32768)
                text += String.fromCharCode(...data.subarray(at, at + 32768));
            return [width, height, btoa(text)];
        }"""
    )
    width, height, pixels = content
    found = np.frombuffer(base64.b64decode(pixels), np.uint8)
    return found.reshape(round(height), round(width), 4)[..., :3]


def download(page: Page) -> np.ndarray:
    address = page.locator("#download").evaluate("link => link.href")
    answer = page.request.get(address)
    assert answer.ok, answer.text().partition("<h1")[2][:300]
    return np.asarray(Image.open(BytesIO(answer.body())).convert("RGB"))


AGREEING: dict[str, dict[str, str]] = {
    "a colour behind it": {"background": "#f1ede6"},
    "exact, at its own size": {
        "background": "#ffffff", "canvas": "exact", "width": "520", "height": "500", "scaling": "keep",
    },
    "fitted with a margin": {
        "background": "#cfe0ea", "canvas": "exact", "width": "300", "height": "320", "margin": "8",
        "align_y": "1",
    },
    "each side by itself": {
        "background": "#ffffff", "canvas": "content",
        "sides": "on", "margin_left": "20", "margin_bottom": "5",
    },
    "a ratio, a quarter turned": {
        "background": "#1c1a17", "canvas": "ratio", "ratio": "4:5", "margin": "10", "rotation": "90",
    },
    "turned": {"background": "#f1ede6", "canvas": "content", "margin": "5", "rotation": "-17"},
    "lit": {"background": "#ffffff", "exposure": "0.6", "warmth": "0.4", "tint": "-0.3"},
    "a drop shadow": {
        "background": "#ffffff", "shadow": "drop", "shadow_direction": "40", "shadow_softness": "0.3",
    },
    "a contact shadow": {"background": "#f1ede6", "shadow": "contact", "shadow_strength": "0.6"},
    "a reflection": {"background": "#ffffff", "shadow": "reflection", "shadow_softness": "0.4"},
    "as a jpg": {"format": "jpg", "canvas": "ratio", "ratio": "1:1"},
}  # fmt: skip
LEVELS = 2
LOSSY = 3  # levels more that a JPEG of this quality loses


def test_what_a_finish_leaves_out_is_the_same_on_the_page(page: Page) -> None:
    script = "async (modules) => ({ ...(await import(`${modules}/finish.js`)).DEFAULTS })"
    own = asdict(Finish())
    del own["version"]
    assert page.evaluate(script, MODULES) == json.loads(json.dumps(own))


@pytest.mark.parametrize("fields", AGREEING.values(), ids=AGREEING.keys())
def test_the_stage_and_the_file_agree(
    page: Page, people: dict[str, Any], seed: Seed, fields: dict[str, str]
) -> None:
    choose(page, **fields)
    kept = settle(page, seed, people["photos"][0])
    assert kept["tasks"] == 1
    seen, made = see(page), download(page)
    assert seen.shape == made.shape
    apart = np.abs(seen.astype(int) - made)
    if fields.get("format") == "jpg":
        apart = np.maximum(apart - LOSSY, 0)
    # Where an edge is resampled, a pixel in ten thousand may be rounded once more.
    assert (apart > LEVELS).mean() < 1e-4, (
        f"{(apart > LEVELS).mean():.2%} are more than {LEVELS} levels apart"
    )
    assert apart.max() <= LEVELS + 1


def test_what_is_measured_is_followed_and_taken_back_and_the_file_agrees(open_as: Opener, seed: Seed) -> None:
    """A product on a warm grey ground that lacks light, then one on a ground of a colour."""
    people = seed(
        'alice = seat("finish-measured")\n'
        'cutouts = [bare_cutout(alice, ground=ground) for ground in ("#c8bcaa", "#2050c0")]\n'
        "hand_over(ticket=ticket(alice), photos=[one.photo_id for one in cutouts])"
    )
    photo = people["photos"][0]
    page = open_finish(open_as, people)
    light, white = (page.get_by_role("button", name=name) for name in ("Auto exposure", "Auto white balance"))
    choose(page, background="#ffffff")
    white.click()
    expect(white).to_have_attribute("aria-pressed", "true")
    light.click()
    data = settle(page, seed, photo)["data"]
    # As the ground's own colour asks for it: what is brighter in red than in blue becomes cooler.
    assert data["warmth"] == pytest.approx(-0.43, abs=0.02)
    assert abs(see(page).astype(int) - download(page)).max() <= LEVELS + 1
    white.click()
    expect(white).to_have_attribute("aria-pressed", "false")
    assert "warmth" not in settle(page, seed, photo)["data"], "pressed again it is taken out"
    page.locator('[data-finish="undo"]').click()
    expect(white).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(white).to_have_attribute("aria-pressed", "true")
    page.close()
    page = open_finish(open_as, people, 1)
    page.get_by_role("button", name="Auto white balance").click()
    expect(page.locator("[data-measured-note~=white_balance]")).to_have_text(
        "The ground is coloured: it shows no grey or white."
    )
    assert settle(page, seed, people["photos"][1])["data"] == {}


def finishes_at_random(count: int) -> list[Finish]:
    """Finishes whose frames are of every kind."""
    picks = random.Random(17)
    found = []
    while len(found) < count:
        margin_of = picks.choice(["canvas", "subject", "px"])
        most = {"canvas": 0.3, "subject": 0.4, "px": 60}[margin_of]
        canvas = picks.choice(["photo", "content", "ratio", "exact"])
        found.append(
            Finish(
                canvas=canvas,
                ratio=(picks.randint(1, 20), picks.randint(1, 20)),
                width=picks.randint(300, 3000) if canvas == "exact" else 0,
                height=picks.randint(300, 3000) if canvas == "exact" else 0,
                reference=picks.choice(["subject", "photo"]),
                margins=tuple(round(picks.random() * most, 2) for _ in range(4)),
                margin_of=margin_of,
                scaling=picks.choice(["stay", "keep", "fit", "fill"]),
                share=picks.choice([1, 1, 0.4]),
                enlarge=picks.random() < 0.5,
                align=(picks.choice([0, 0.5, 1, 0.3]), picks.choice([0, 0.5, 1, 0.7])),
                rotation=picks.choice([0, 0, 90, 180, -90, 270, 12.5, -33, 200]),
                size=picks.choice(["full", "full", "large", "small"]),
                exposure=picks.choice([0, -1.5, 0.4, 3]),
                warmth=picks.choice([0, -1, 0.3]),
                tint=picks.choice([0, 1, -0.2]),
            )
        )
    return found


def test_frames_and_tables_are_the_engines_own(page: Page) -> None:
    """What the stage reckons for any finish is what the engine does."""
    size = (640, 427)
    outline = np.array([(100, 80), (520.0, 60), (560, 300), (333, 401), (90, 350)])
    finishes = finishes_at_random(300)
    reckoned = page.evaluate(
        """async ([modules, outline, size, finishes]) => {
            const { place } = await import(`${modules}/frame.js`);
            const { complete } = await import(`${modules}/finish.js`);
            const { makeTables } = await import(`${modules}/light.js`);
            const points = outline.map(([x, y]) => ({ x, y }));
            return finishes.map((data) => {
                const finish = complete(data);
                const tables = makeTables(finish);
                return [
                    place(points, { width: size[0], height: size[1] }, finish),
                    tables && tables.map((table) => [...table]),
                ];
            });
        }""",
        [MODULES, outline.tolist(), size, [finish.to_dict() for finish in finishes]],
    )
    for finish, (placed, tables) in zip(finishes, reckoned, strict=True):
        meant = frame.place(outline, size, finish).fit(pictures.SIZES[finish.size])
        assert (placed["width"], placed["height"]) == (meant.width, meant.height), finish
        assert (placed["scale"], placed["x"], placed["y"]) == pytest.approx(
            (meant.scale, meant.x, meant.y)
        ), finish
        assert placed["smaller"] == meant.smaller, finish
        table = light.make_table(finish)
        assert (tables is None) == (table is None)
        if table is not None:
            assert np.abs(np.array(tables) - table.astype(int)).max() <= 1


def test_what_is_changed_is_seen_before_anything_is_sent(page: Page) -> None:
    """Colour, margin, ratio, rotation, shadow and exposure move on the stage while nothing answers."""
    page.route(re.compile("/finish/$"), lambda route: route.abort())
    seen = [see(page)]
    for fields in (
        {"background": "#cfe0ea"},
        {"canvas": "ratio", "ratio": "4:5"},
        {"margin": "20"},
        {"rotation": "20"},
        {"shadow": "contact"},
        {"exposure": "-1"},
    ):
        choose(page, **fields)
        expect(page.locator('[data-view="actual"]')).to_have_text("100 %")
        now = see(page)
        assert now.shape != seen[-1].shape or (now != seen[-1]).any(), fields
        seen.append(now)
    expect(page.locator(".toast")).to_contain_text("kept here")


def test_what_is_changed_while_one_is_signed_out_is_sent_later(
    page: Page, seed: Seed, people: dict[str, Any]
) -> None:
    page.route(re.compile("/finish/$"), lambda route: route.fulfill(status=401))
    choose(page, background="#cfe0ea")
    expect(page.locator(".toast")).to_contain_text("signed out")
    page.unroute_all()
    assert settle(page, seed, people["photos"][0])["data"]["background"] == "#cfe0ea"


def test_a_finish_is_kept_and_gone_back_from_after_a_reload(
    page: Page, seed: Seed, people: dict[str, Any]
) -> None:
    photo = people["photos"][0]
    before = seed(LEDGER.format(photo=photo))
    # One after another: what comes while one is sent goes with the next.
    for fields in ({"background": "#cfe0ea"}, {"canvas": "content"}, {"margin": "8"}):
        choose(page, **fields)
        settle(page, seed, photo)
    page.reload()
    expect(page.locator('[name="canvas"][value="content"]')).to_be_checked()
    expect(page.locator("#margin")).to_have_value("8")
    page.locator('[data-finish="undo"]').click()
    expect(page.locator("#margin")).to_have_value("0")
    page.locator('[data-finish="undo"]').click()
    expect(page.locator('[name="canvas"][value="photo"]')).to_be_checked()
    expect(page.locator('[name="background"][value="#cfe0ea"]')).to_be_checked()
    page.locator(".stage-canvas").focus()
    page.keyboard.press("Control+Shift+z")
    expect(page.locator('[name="canvas"][value="content"]')).to_be_checked()
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#margin")).to_have_value("8")
    assert settle(page, seed, photo)["data"]["canvas"] == "content"
    assert seed(LEDGER.format(photo=photo)) == before, "a finish is no order"


def test_a_download_has_what_was_changed_the_moment_before(page: Page) -> None:
    choose(page, canvas="exact", width="200", height="100", format="jpg")
    expect(page.locator("#download")).to_have_text("Download JPG")
    expect(page.locator("#task")).to_contain_text("200 × 100 · JPG")
    with page.expect_download() as downloading:
        page.locator("#download").click()
    with Image.open(downloading.value.path()) as picture:
        assert (picture.size, picture.format) == ((200, 100), "JPEG")


def test_the_product_is_dragged_and_turned_by_hand(page: Page, seed: Seed, people: dict[str, Any]) -> None:
    choose(page, canvas="exact", width="900", height="600", scaling="keep")
    page.locator('[data-group="place"]').evaluate("group => { group.open = true; }")
    drag(page, (0.5, 0.5), (0.3, 0.35))
    data = settle(page, seed, people["photos"][0])["data"]
    assert data["align"][0] < 0.4
    assert data["align"][1] < 0.4
    choose(page, align_x="0.5", align_y="0.5")
    # The knob stands over the product's middle: drawn to the right of it, the product lies on its side.
    across, down, tall = page.evaluate(
        """() => {
            const { x, y, width, height } = document.querySelector(".paper").getBoundingClientRect();
            return [x + width / 2, y + height / 2, height];
        }"""
    )
    subject = 0.5 * 360 / 600 * tall  # somewhat less than its height on the screen
    for far in range(10, 200, 8):
        page.mouse.move(across, down - subject / 2 - far)
        if page.locator(".stage-canvas.turnable").count():
            break
    page.mouse.down()
    page.mouse.move(across + 300, down, steps=8)
    page.mouse.up()
    assert settle(page, seed, people["photos"][0])["data"]["rotation"] == pytest.approx(90, abs=2)


def test_a_picture_of_ones_own_stands_behind_at_once_and_after_a_reload(
    page: Page, seed: Seed, people: dict[str, Any], tmp_path: Path
) -> None:
    """It is seen before it was sent, sent once, and dragged on the stage."""
    table = tmp_path / "table.png"
    across = np.linspace(40, 220, 900)[np.newaxis, :, np.newaxis]
    Image.fromarray(np.broadcast_to(across, (400, 900, 3)).astype(np.uint8)).save(table)
    bodies: list[int] = []
    page.on("request", lambda request: bodies.append(len(request.post_data_buffer or b"")))
    page.set_input_files("[name=backdrop]", table)
    expect(page.locator("[data-kept]")).to_contain_text("table.png")
    settle(page, seed, people["photos"][0])
    left = see(page)[200, 5].astype(int)
    drag(page, (0.05, 0.9), (0.4, 0.9))
    data = settle(page, seed, people["photos"][0])["data"]
    assert data["backdrop_at"][0] < 0.5
    assert (see(page)[200, 5] < left).all(), "what was further to the left is seen now"
    assert np.abs(see(page).astype(int) - download(page)).max() <= LEVELS + 1
    assert sum(size > table.stat().st_size for size in bodies) == 1
    page.reload()
    expect(page.locator("[data-kept]")).to_contain_text("table.png")
    assert np.abs(see(page).astype(int) - download(page)).max() <= LEVELS + 1


def test_what_is_painted_is_seen_before_the_answer_and_goes_out_once_while_nobody_answers(
    page: Page, seed: Seed, people: dict[str, Any]
) -> None:
    """Under a finish that turns and scales the photo, strokes are the photo's own."""
    choose(page, background="#ffffff", canvas="exact", width="600", height="600", rotation="90")
    settle(page, seed, people["photos"][0])
    sent: list[str] = []
    # Nobody answers.
    page.route("**/correct/", lambda route: sent.append(route.request.post_data or ""))
    before = see(page)
    page.keyboard.press("r")
    with page.expect_request("**/correct/"):
        drag(page, (0.45, 0.5), (0.55, 0.5))
        drag(page, (0.45, 0.55), (0.55, 0.55))
    page.keyboard.press("Escape")
    gone = np.abs(see(page).astype(int) - before).max(axis=2) > LEVELS
    assert gone[298:302, 280:320].all(), "the middle of a stroke is as what is behind"
    assert not gone[:150].any()
    (body,) = sent
    strokes = json.loads(parse_qs(body)["strokes"][0])
    # The first at once, and the other with it where it followed on its heels; else it waits for the answer.
    assert [stroke["keep"] for stroke in strokes] in ([False], [False, False])
    # Across on the stage is up in the photo, which is turned clockwise.
    for stroke in strokes:
        (first_x, first_y), (last_x, last_y) = stroke["points"][0], stroke["points"][-1]
        assert last_y < first_y - 20
        assert abs(last_x - first_x) < 6
        assert 0 < first_x < 480
        assert 0 < first_y < 360


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag on the stage, from and to shares of the canvas."""
    paper = page.locator(".paper").bounding_box()
    assert paper is not None
    places = [(paper["x"] + x * paper["width"], paper["y"] + y * paper["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=6)
    page.mouse.up()


def test_until_a_picture_has_come_the_stage_shows_its_thumbnail_and_asks_for_no_file(
    open_as: Opener, seed: Seed
) -> None:
    people = seed(PEOPLE.format(name="slow", count=2))
    page = open_finish(open_as, people)
    asked: list[str] = []
    held: list[Route] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/screen", lambda route: held.append(route))
    page.locator("#frames a.frame:not([aria-current])").click()
    stand_in = page.locator(".stand-in")
    expect(stand_in.locator("img")).to_be_visible()
    expect(stand_in.get_by_role("progressbar", name="The picture is on its way")).to_be_visible()
    held[0].continue_()
    expect(page.locator(".stage.live")).to_be_visible()
    expect(stand_in).to_be_hidden()
    assert not [url for url in asked if "/file" in url], "the finished file is made when it is wanted"


def test_one_finish_is_used_for_many_photos_and_taken_back(open_as: Opener, seed: Seed) -> None:
    people = seed(PEOPLE.format(name="many", count=4))
    page = open_finish(open_as, people)
    choose(page, background="#f1ede6", canvas="exact", width="1600", height="1600", margin="8", format="jpg")
    settle(page, seed, people["photos"][0])
    # One chooses before the studio has said which photos there are.
    held: list[Route] = []
    page.route("**/strip/photos/", lambda route: held.append(route))
    page.locator("#strip-menu summary").click()
    page.locator("[data-choose]").click()
    frames = page.locator("#frames a.frame")
    frames.nth(0).click()
    frames.nth(3).click(modifiers=["Shift"])
    expect(page.locator('[data-chosen="count"]')).to_have_text("4 of 4 chosen")
    expect(page.locator('[data-chosen="all"]')).to_be_disabled()
    held[0].continue_()
    expect(page.locator('[data-chosen="all"]')).to_have_text("None")
    page.get_by_role("button", name="Use this finish for 4 photos").click()
    toast = page.locator(".toast").last
    expect(toast).to_contain_text("4 photos have this finish now")
    numbers = (
        "from editor.models import Finish\n"
        f"photos = Photo.objects.filter(pk__in={people['photos']!r})\n"
        "hand_over(kept=sorted({str(row.data) for photo in photos "
        "for row in photo.finishes.filter(number=photo.finish_number)}), "
        "numbers=[photo.finish_number for photo in photos])"
    )
    assert len(seed(numbers)["kept"]) == 1
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("have the finish they had")
    *others, source = sorted(seed(numbers)["numbers"])
    assert others == [0, 0, 0]
    assert source > 0, "the one that it was taken from has it still"
