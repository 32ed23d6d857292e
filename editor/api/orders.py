"""A program's call becomes an order: its form, its pictures, its place in the queue, once."""

from dataclasses import astuple
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import ApiKey
from editor.engines.errors import PromptNotUnderstood
from editor.engines.limits import SEEDS
from editor.models import Photo, Task
from editor.states import State
from editor.tasks import settlement
from editor.work import orders

from .requests import idempotency, pictures
from .requests.call_form import CallForm
from .requests.parameters import make_parameter_error, read_form
from .requests.pictures import Verdict


def place_order(
    request: HttpRequest, key: ApiKey, endpoint: str, form_class: type[CallForm], *, waits: bool = False
) -> Task:
    """Place what a call asks for and return its task; the task of the first call where it comes again.

    waits: whether the call's answer is the picture. Then a first one that was cancelled, as it is when the
    connection breaks, is no answer to the second: that is placed anew. Raises ApiError, OrderRefused,
    UploadRefused; then nothing is left of it.
    """
    form = read_form(request, form_class)
    form.look_up(key.owner)
    if form.errors:
        raise make_parameter_error(form)
    repeated = idempotency.read_key(request)
    asked = idempotency.hash_call(request) if repeated else ""
    if repeated:
        task = idempotency.recall_task(key.owner, repeated, asked)
        if task is not None and not (waits and task.status.is_cancelled):
            return task
    kept: list[Photo] = []
    try:
        photo, companions, verdict = keep_pictures(key, form, kept)
        with transaction.atomic():
            task = place_task(key, endpoint, form, photo, companions, verdict)
            if repeated:
                idempotency.forget_cancelled(key.owner, repeated)
                idempotency.remember_task(key.owner, repeated, asked, task)
    except IntegrityError:
        pictures.delete_kept(kept)
        # The same call on another connection was quicker by a moment.
        task = idempotency.recall_task(key.owner, repeated, asked) if repeated else None
        if task is None:
            raise
        return task
    except BaseException:
        pictures.delete_kept(kept)
        raise
    return task


def keep_pictures(
    key: ApiKey, form: CallForm, kept: list[Photo]
) -> tuple[Photo, dict[str, Photo], Verdict | None]:
    """Keep all pictures of a call; `kept` lists them, also where one of them is refused."""
    picture = form.picture()
    # Before it is kept: keeping moves an upload's file.
    unfit = pictures.judge_product(picture) if form.wants_product else None
    photo, verdict = pictures.keep_picture(key.owner, picture, limits=form.limits)
    kept.append(photo)
    verdict = verdict or unfit
    if form.says_nothing:
        verdict = verdict or Verdict(State.BAD_PROMPT, PromptNotUnderstood.sentence)
    companions = {}
    for name, (purpose, companion) in form.companions().items():
        companions[name], other = pictures.keep_picture(key.owner, companion, purpose, form.limits)
        kept.append(companions[name])
        verdict = verdict or other
    return photo, companions, verdict


def place_task(
    key: ApiKey,
    endpoint: str,
    form: CallForm,
    photo: Photo,
    companions: dict[str, Photo],
    verdict: Verdict | None,
) -> Task:
    """Place the order. Where a verdict says how it will end it ends at once, and costs nothing."""
    answer: dict[str, Any] = {"endpoint": endpoint, "waits": form.waits, **form.to_answer()}
    if form.limits != SEEDS:
        answer["limits"] = astuple(form.limits)
    call = orders.ApiCall(key, answer, form.cleaned_data.get("callback_url", ""))
    task = orders.place(
        key.owner,
        photo,
        form.tool,
        form.to_params(),
        companions.get("backdrop") or form.kept_before.get("backdrop"),
        mask=companions.get("mask"),
        call=call,
    )
    if verdict is not None:
        settlement.end(Task.objects.filter(pk=task.pk), verdict.state, message=verdict.sentence[:300])
        task.refresh_from_db()
    return task
