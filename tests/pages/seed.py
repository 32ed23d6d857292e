"""Something of everything that pages show, with words as long as people make them.

Run by the studio's own `manage.py shell`: prints, as JSON, the ids that addresses need, and a session each.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import audit, ledger
from accounts.emails import signed_links
from accounts.models import ApiKey, Export, Invitation, Plan, PlanException, User
from editor.models import Market, Photo, Provider, Recipe, Route, RunItem, Task, Worker
from editor.states import State
from editor.tasks import advice
from editor.tools import Tool
from editor.work import trash
from tests.editor.files.files_out import photo_of, result_of
from tests.editor.views.runs import done_of, file_of, item_of, recipe_of, run_of

LONG = "Sommerkleid_mit_Volants_und_einem_Namen_ohne_jeden_Zwischenraum_wie_ihn_Kameras_machen_20261129"


def person(email: str, **fields: object) -> User:
    return User.objects.create_user(email, "correct horse battery", **fields)


def session_of(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PersonBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


alice = person(
    "alexandra.wolkenstein-hohenlohe@versandhaus-fuer-alles.example",
    name="Alexandra Wolkenstein-Hohenlohe von und zu",
)
bob = person("bob@example.com")
olga = User.objects.create_superuser("olga@example.com", "correct horse battery", name="Olga")
photos = [photo_of(alice, name=f"{LONG} {number}.jpg") for number in range(4)]
for number, photo in enumerate(photos[:3]):
    for tool in (Tool.CUTOUT, Tool.SCENE, Tool.ERASE):
        result_of(photo, tool=tool, minutes_ago=60 * number, bare=tool is Tool.CUTOUT)
failed = photo_of(alice, name=f"failed {LONG}.jpg")
Task.objects.create(
    owner=alice,
    photo=failed,
    tool=Tool.CUTOUT,
    state=State.NOTHING_FOUND,
    provider="local",
    processed_at=timezone.now(),
    completed_at=timezone.now(),
    message=State.NOTHING_FOUND.sentence,
)
less = {"samples": 3, "of_samples": 7, "side": 800, "of_side": 1024, "busy": True}
two = {"scene": 105, "takes": 2, "seed": 1, "size": 1024, "format": "png"}
short = photo_of(alice, name=f"short {LONG}.jpg")
result_of(short, tool=Tool.SCENE)
Task.objects.filter(photo=short).update(
    params=two,
    facts={"gave_way": {"1": less}},
    message="One of two takes was finished, and only that one was charged. "
    + advice.SENTENCES["takes, slow"].format(seconds="300"),
)
at_work = photo_of(alice, name=f"at work {LONG}.jpg")
picture = result_of(photo_of(alice, name="of a take.jpg")).file.name
Task.objects.create(
    owner=alice,
    photo=at_work,
    tool=Tool.SCENE,
    params=two,
    state=State.PROCESSING,
    progress=60,
    processed_at=timezone.now(),
    finished=[
        {"number": 1, "file": picture, "thumbnail": "", "format": "png", "width": 60, "height": 40}
        | {"bytes": 9, "gave_way": {}}
    ],
)
trash.throw_photos(Photo.objects.filter(pk=photo_of(alice, name=f"thrown away {LONG}.jpg").pk))
used = Task.objects.create(owner=alice, photo=photos[0], tool=Tool.CUTOUT, state=State.DONE, credits=7)
ledger.reserve(alice, used.pk, 7, tool=Tool.CUTOUT, reason=photos[0].name)
ledger.settle(used.pk)
ledger.grant(
    alice, 123_456, reason="For the catalogue of the whole of next winter, and then some", actor=olga
)
Export.objects.create(
    owner=alice,
    state=Export.State.DONE,
    bytes=12_345_678_901,
    files=12_345,
    missing=2,
    ended_at=timezone.now(),
    expires_at=timezone.now() + timedelta(days=7),
)
Export.objects.create(owner=bob, state=Export.State.GOING, total=9_876_543_210, gathered=4_000_000_000)
key, _ = ApiKey.make(alice, LONG[:60], 7)
PlanException.objects.create(
    user=alice,
    reason="While the winter catalogue is made",
    ends_at=timezone.now() + timedelta(days=3),
    credits_per_month=9_000,
)
audit.record(olga, "granted credits", alice, "123,456 credits: For the catalogue of the whole of next winter")
AccessAttempt.objects.create(
    username=alice.email,
    ip_address="2001:db8:1:2::",
    user_agent="Mozilla/5.0 (X11; Linux x86_64) " * 3,
    attempt_time=timezone.now(),
    failures_since_start=8,
)
Worker.objects.create(queue="quick", host="a-machine-with-a-long-name.shop.example", process=4711)
Provider.objects.filter(pk="picwish").update(
    base_url="https://picwish.example/with/a/path/that/goes/on",
    last_error="PicWish has trouble on its side (503). Try again in a few minutes.",
    last_error_at=timezone.now(),
)
Route.objects.filter(pk="erase").update(way="picwish+local")
a_market = {"name": "A marketplace of our own", "kind": LONG[:60], "good": [800, 1000], "source": LONG}
Market.objects.create(key="a-market-of-our-own-with-a-long-key", data=a_market)
Market.objects.create(key="amazon", data={"name": "Amazon", "ground": "white", "good": [2000, 2000]})
for entry in LogEntry.objects.all():
    entry.delete()

two_files = {"files": [{"market": "amazon"}, {"market": "zalando", "format": "tiff", "clipping_path": True}]}
recipe = Recipe.objects.create(owner=alice, name=LONG[:80], data=two_files)
shared_recipe = Recipe.objects.create(owner=olga, name="White, for everybody", shared=True)

run_recipe = recipe_of(alice)
begun = {
    word: run_of(alice, state, recipe=run_recipe, name=f"{word} {LONG}", message=message)
    for word, state, message in (
        ("empty", "gathering", ""),
        ("gathering", "gathering", ""),
        ("going", "going", ""),
        (
            "stopped",
            "stopped",
            "Your credits ended after 3 of 9 photos. Ask the studio's admin for more, then go on.",
        ),
        ("done", "done", ""),
        ("failed", "done", ""),
    )
}
for number in range(3):
    item_of(begun["gathering"], name=f"Winter/{number}/{LONG}.jpg")
item_of(begun["gathering"], name=f"Winter/1/{LONG}.jpg", columns={"sku": "the-same"})
item_of(begun["gathering"], "unreadable", name="Winter/words.txt", message=State.NOT_A_PICTURE.sentence)
item_of(begun["gathering"], "double", name=f"Winter/{LONG}.jpg", message=f"The same as Winter/{LONG}.jpg.")
for word in ("going", "stopped", "done", "failed"):
    for number in range(5):
        done_of(begun[word], confidence=0.4 if number == 1 and word != "done" else 0.99)
for state in ("cutting", "delivering", "waiting", "waiting"):
    item_of(begun["going"], state)
    item_of(begun["stopped"])
fourth = begun["failed"].items.get(number=4)
fourth.files.all().delete()
RunItem.objects.filter(pk=fourth.pk).update(state="failed", message=State.NOTHING_FOUND.sentence)
for number, verdict in ((1, "repaired"), (2, "not_met")):
    file_of(begun["failed"].items.get(number=number), "gs1", verdict, path=f"gs1/{LONG}.jpg")
item_of(begun["failed"], "unreadable", name=f"{LONG}.txt", message=State.NOT_A_PICTURE.sentence)

invited = Invitation.objects.create(
    email=f"{'guest' * 9}@example.com", by_letter=False, expires_at=timezone.now() + timedelta(days=7)
)
uid = urlsafe_base64_encode(force_bytes(alice.pk))
token = default_token_generator.make_token(alice)
rows = {
    f"{model._meta.app_label}_{model._meta.model_name}": str(
        model._default_manager.values_list("pk", flat=True).first()
    )
    for model in admin.site._registry
}
sys.stdout.write(
    json.dumps(
        {
            **rows,
            "accounts_plan": str(Plan.objects.get(is_default=False).pk),
            "accounts_user": str(alice.pk),
            # The same in each run, though keys are drawn by lot: one that was told how to work.
            "editor_task": str(Task.objects.get(photo=short).pk),
            "alice": str(alice.pk),
            "photo": str(photos[0].pk),
            "failed": str(failed.pk),
            "short": str(short.pk),
            "at_work": str(at_work.pk),
            "key": str(key.pk),
            "recipe": str(recipe.pk),
            **{f"run_{word}": str(run.pk) for word, run in begun.items()},
            "shared_recipe": str(shared_recipe.pk),
            "reset": reverse("accounts:password-reset-confirm", args=[uid, token]),
            "sign_up": signed_links.SignUp("dora@example.com", "Dora", "").address.removeprefix(
                settings.SITE_URL
            ),
            "move": signed_links.Move.of(bob, "bob@elsewhere.example").address.removeprefix(
                settings.SITE_URL
            ),
            "invitation": signed_links.Invite(invited.pk, by_letter=False).address.removeprefix(
                settings.SITE_URL
            ),
            "cookie": settings.SESSION_COOKIE_NAME,
            "sessions": {"alice": session_of(alice), "bob": session_of(bob), "olga": session_of(olga)},
        }
    )
)
