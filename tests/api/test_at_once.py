"""Many calls at one moment: credits, idempotency and waiting hold."""

import asyncio
from collections import Counter
from typing import Any

import httpx
from PIL import Image

from tests.support.waiting import PATIENCE

from .conftest import VISUAL, Served, png

URL = "http://10.0.0.1/lamp.jpg"  # fails at once, and for free


async def together(
    served: Served, key: str, count: int, *, endpoint: str = "segmentation", **options: Any
) -> list[httpx.Response]:
    """Send so many orders at once."""
    limits = httpx.Limits(max_connections=count)
    headers = {"X-API-KEY": key} | options.pop("headers", {})
    async with httpx.AsyncClient(base_url=served.studio.url, timeout=PATIENCE, limits=limits) as http:
        calls = [http.post(VISUAL + endpoint, headers=headers, **options) for _ in range(count)]
        return list(await asyncio.gather(*calls))


def key_of(served: Served, email: str, credits: int) -> str:
    """Add a person with so many credits, and return a key of theirs."""
    served.studio.add_person(email)
    code = (
        "from accounts import ledger; from accounts.models import User; "
        f"user = User.objects.get(email={email!r}); "
        f"ledger.correct(user, {credits} - ledger.get_balance(user), reason='as many as the test needs')"
    )
    served.studio.shell(code)
    return served.studio.manage("createkey", email, "--qps", "1000").split()[-1]


def test_forty_orders_at_once_on_ten_credits_are_ten_tasks(served: Served) -> None:
    key = key_of(served, "dave@example.com", 10)
    # Work that succeeds: what failed in the midst of it would give its credit back.
    box = '[{"x": 20, "y": 20, "width": 9, "height": 9}]'
    options = {"data": {"rectangles": box}, "files": {"image_file": png(Image.new("RGB", (64, 64)))}}
    answers = asyncio.run(together(served, key, 40, endpoint="inpaint", **options))
    assert Counter(answer.status_code for answer in answers) == {200: 10, 400: 30}
    assert len({answer.json()["data"]["task_id"] for answer in answers if answer.status_code == 200}) == 10
    assert all("credits" in answer.json()["message"] for answer in answers if answer.status_code == 400)


def test_the_same_order_sent_at_once_from_everywhere_is_one_task(served: Served) -> None:
    options = {"data": {"image_url": URL}, "headers": {"Idempotency-Key": "all-at-once"}}
    answers = asyncio.run(together(served, served.key, 20, **options))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["task_id"] for answer in answers}) == 1


def test_many_who_wait_are_all_answered_and_a_page_opens_meanwhile(served: Served, coffee: bytes) -> None:
    async def all_of_it() -> tuple[list[httpx.Response], int]:
        files = {"image_file": coffee}
        waiting = asyncio.ensure_future(together(served, served.key, 6, data={"sync": "1"}, files=files))
        opened = 0
        async with httpx.AsyncClient(base_url=served.studio.url, timeout=PATIENCE) as http:
            while not waiting.done():
                opened += (await http.get("/account/sign-in/")).status_code == 200
                await asyncio.sleep(0.1)
        return await waiting, opened

    answers, opened = asyncio.run(all_of_it())
    assert [answer.json()["data"]["state"] for answer in answers] == [1] * 6
    assert opened > 1
