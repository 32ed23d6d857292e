"""A service of seeds 000 to 003 is asked what its documents say; its answers are read as they come."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from editor.engines.scenes.templates import catalogue
from editor.providers import client as http
from editor.providers.contract import FetchedPicture, RemoteStatus
from editor.providers.errors import BadAnswer, Unoffered
from editor.providers.http_service import MOST_JSON
from editor.providers.picwish import PicWish

from . import hostile
from .conftest import job, unwatched
from .pictures import as_png

MASK = as_png(Image.new("L", (60, 40), 255))


def carried_out(picwish: PicWish, folder: Path, tool: str, **options: Any) -> tuple[FetchedPicture, ...]:
    """What comes of a job, from its being handed over to what is collected."""
    asked = job(folder, tool, **options)
    assert picwish.declines(asked) == ""
    taken = picwish.submit(asked, "order-1", unwatched)
    look = picwish.look(tool, taken.remote_id)
    assert look.state == 1
    return picwish.collect(asked, look, unwatched)


@pytest.mark.parametrize(
    ("tool", "options", "path", "fields"),
    [
        (
            "cutout",
            {"subject": "person", "crop": True, "margin": 0.1, "square": True, "size": "small"},
            "segmentation",
            {"sync": "0", "type": "person", "return_type": "1", "output_type": "2"}
            | {"crop": "0", "format": "png"},
        ),
        (
            "head",
            {"faces": "all", "outputs": "both", "format": "jpg", "crop": True},
            "self-face-cutout",
            {"sync": "0", "crop": "0", "output_format": "png"},
        ),
        (
            "erase",
            {"rectangles": [{"x": 1, "y": 2, "width": 9, "height": 8}], "seed": 0, "format": "webp"},
            "inpaint",
            {"sync": "0", "return_type": "1", "rectangles": '[{"x": 1, "y": 2, "width": 9, "height": 8}]'},
        ),
        (
            "scene",
            {"prompt": "Ein Holztisch, 木のテーブル", "negative_prompt": "plants", "plan": {"surface": "oak"}}
            | {"seed": 7, "takes": 2, "size": 1024, "format": "jpg"},
            "background",
            {"prompt": "Ein Holztisch, 木のテーブル", "negative_prompt": "plants", "batch_size": "2"},
        ),
    ],
)
def test_each_tool_is_asked_in_the_words_of_its_document(
    service: hostile.Service,
    picwish: PicWish,
    tmp_path: Path,
    tool: str,
    options: dict[str, Any],
    path: str,
    fields: Any,
) -> None:
    made = carried_out(picwish, tmp_path, tool, **options)
    assert [one.number for one in made] == list(range(1, options.get("takes", 1) + 1))
    order, *rest = service.calls
    sent = order.form.pop("image_file")
    assert sent == (tmp_path / "outgoing.png").read_bytes()
    assert (order.path, order.form) == (f"/api/tasks/visual/{path}", fields)
    assert order.idempotency_key == "order-1"
    assert [call.where for call in rest] == ["look"] + ["picture"] * len(made)
    for one in made:
        with Image.open(one.path) as picture:
            assert picture.size == (60, 40)
            assert tool in ("erase", "scene") or picture.mode == "RGBA"


def test_a_mask_goes_along(service: hostile.Service, picwish: PicWish, tmp_path: Path) -> None:
    mask = tmp_path / "mask.png"
    mask.write_bytes(MASK)
    carried_out(picwish, tmp_path, "erase", mask_path=str(mask))
    assert service.calls[0].form["mask_file"] == MASK
    assert "rectangles" not in service.calls[0].form


def test_calls_share_a_connection(service: hostile.Service, picwish: PicWish, tmp_path: Path) -> None:
    taken = picwish.submit(job(tmp_path), "order-1", unwatched)
    for _ in range(3):
        picwish.look("cutout", taken.remote_id)
    assert len({call.port for call in service.calls}) == 1


def test_an_order_sent_again_with_its_key_is_the_same_one(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    assert picwish.submit(job(tmp_path), "order-1", unwatched) == picwish.submit(
        job(tmp_path), "order-1", unwatched
    )


def test_states_and_progress_are_shown_as_they_come(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    service.looks = 2
    taken = picwish.submit(job(tmp_path), "order-1", unwatched)
    looks = [picwish.look("cutout", taken.remote_id) for _ in range(3)]
    assert [(look.state, look.progress) for look in looks] == [(4, 30), (4, 60), (1, 100)]


@pytest.mark.parametrize(
    ("told", "state", "progress", "words"),
    [
        ({"state": "2", "progress": "7"}, 2, 7, ""),
        ({"state": 0, "progress": None}, 0, 0, ""),
        ({"state": 6, "progress": 250}, 6, 100, ""),
        ({"state": 17, "progress": -5}, 4, 0, ""),
        ({"state": -99}, -1, 0, "PicWish could not carry this out"),
        ({"state": -12}, -1, 0, "PicWish could not carry this out"),
        ({"state": -11}, -11, 0, "PicWish found nothing in this photo"),
        ({"state": -16, "message": "success"}, -16, 0, "PicWish's content review refused"),
        ({"state": -17, "message": "prompt <b>too</b>\nlong"}, -17, 0, "It says: “prompt too long”"),
    ],
)
def test_every_state_is_one_that_people_have_a_word_for(
    service: hostile.Service, picwish: PicWish, told: dict[str, Any], state: int, progress: int, words: str
) -> None:
    service.behave("failed", on="look", **told)
    look = picwish.look("cutout", "task-1")
    assert (look.state, look.progress) == (state, progress)
    assert words in look.sentence
    assert bool(words) == bool(look.sentence)


@pytest.mark.parametrize(
    ("tool", "options"),
    [
        ("cutout", {"strokes": [{"keep": True}]}),
        ("cutout", {"sparkle": True}),
        ("head", {"faces": "largest"}),
        ("head", {"faces": "all", "chosen": [1]}),
        ("erase", {"rectangles": [], "seed": 3}),
        ("erase", {"mask_path": "m", "avoid_path": "a"}),
        ("scene", {"scene": 105, "size": 2048}),
        ("scene", {"scene": 105, "aspect": "4:5"}),
        ("scene", {"scene": 105, "copy_space": "left"}),
        ("scene", {"scene": 105, "place": [0.5, 0.8, 0.6]}),
        ("scene", {"scene": 105, "match": True}),
        ("scene", {"scene": 105, "accent": "#c96f4a"}),
        ("scene", {"backdrop_path": "b", "floor": 0.8}),
        ("scene", {"plan": {"surface": "oak"}}),
        ("portrait", {}),
    ],
)
def test_what_it_cannot_be_told_is_declined_unasked(
    service: hostile.Service, picwish: PicWish, tmp_path: Path, tool: str, options: dict[str, Any]
) -> None:
    assert "PicWish" in picwish.declines(job(tmp_path, tool, **options))
    assert service.calls == []


@pytest.mark.parametrize(
    "options",
    [
        {"subject": "", "crop": False, "square": False, "margin": 0.0, "background": None, "strokes": ()},
        {"background_path": "behind.jpg", "outputs": "mask", "format": "webp", "size": "preview"},
    ],
)
def test_what_our_own_engine_does_afterwards_is_not(
    picwish: PicWish, tmp_path: Path, options: dict[str, Any]
) -> None:
    assert picwish.declines(job(tmp_path, **options)) == ""


def test_a_scene_is_ordered_by_its_number_where_it_is_the_same_one(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    service.scenes = {105: catalogue.template(105).name.upper(), 106: "Another one"}
    for _ in range(2):
        picwish.submit(job(tmp_path, "scene", scene=105, takes=1), "order-1", unwatched)
    assert [call.where for call in service.calls] == ["scenes", "submit", "submit"]
    assert service.calls[1].form["scene_type"] == "105"
    for number in (106, 107):
        with pytest.raises(Unoffered, match="PicWish"):
            picwish.submit(job(tmp_path, "scene", scene=number), "order-2", unwatched)
    assert len(service.asked("submit")) == 2


def test_where_there_is_no_list_of_scenes_none_is_the_same(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    for _ in range(2):
        with pytest.raises(Unoffered):
            picwish.submit(job(tmp_path, "scene", scene=105), "order-1", unwatched)
    assert [call.where for call in service.calls] == ["scenes"]


def test_fewer_pictures_than_asked_for_are_no_result(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    asked = job(tmp_path, "scene", prompt="a beach", takes=2)
    look = RemoteStatus(1, 100, {"image_1": f"{service.url}/results/a/1.png"})
    with pytest.raises(BadAnswer, match="PicWish made fewer pictures"):
        picwish.collect(asked, look, unwatched)
    assert service.calls == []


def test_an_address_without_a_host_is_on_the_service(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    picwish.submit(job(tmp_path), "order-1", unwatched)
    (made,) = picwish.collect(
        job(tmp_path), RemoteStatus(1, 100, {"image": "/results/task-1/image.png"}), unwatched
    )
    assert made.path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "answer",
    [
        b"[" * 60_000,
        b'{"status": 200, "data": {"task_id": "a", "state": 1e999}}',
        b'{"status": 200, "data": {"task_id": "a", "state": 1}}' + b" " * MOST_JSON,
    ],
)
def test_no_answer_upsets_the_client(answer: bytes) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=answer))
    client = http.Client("https://service.example", "key", most_bytes=MOST_JSON, transport=transport)
    with client, pytest.raises(http.BadAnswer):
        client.query("segmentation", "a")


def test_an_id_is_no_path_of_its_own() -> None:
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return httpx.Response(404)

    client = http.Client("https://service.example", "key", transport=httpx.MockTransport(answer))
    with client, pytest.raises(http.Declined):
        client.query("segmentation", "../../../v1/me?x=1")
    assert asked == [b"/api/tasks/visual/segmentation/..%2F..%2F..%2Fv1%2Fme%3Fx%3D1"]


def test_it_is_asked_from_one_thread_and_watched_from_another(
    service: hostile.Service, picwish: PicWish, tmp_path: Path
) -> None:
    service.behave("stall", on="submit")
    here, seen = threading.current_thread(), []

    class Enough(Exception):
        pass

    def watch(share: float) -> None:
        seen.append(threading.current_thread())
        if len(seen) == 3:
            raise Enough

    with pytest.raises(Enough):
        picwish.submit(job(tmp_path), "order-1", watch)
    assert seen == [here] * 3
    assert [call.where for call in service.calls] == ["submit"]
