"""Every page of the studio, and every address that is none: the list that the tests of pages go by.

Held complete by test_inventory.py. A page is what a person sees in a browser; what answers to a POST,
to a program or with a file is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

Ids = dict[str, str]


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it. path: with {names} of seeded ids; who: "" for who is signed out.

    press: selectors pressed after it has opened, one after the other, to see what they open. status:
    that it is answered with. on_a_phone: whether what is pressed is only there. like: of those with this
    same word, all but the names of things is the same.
    """

    name: str
    path: str
    who: str = "alice"
    press: tuple[str, ...] = ()
    on_a_phone: bool = False
    status: int = 200
    form: dict[str, str] = field(default_factory=dict)
    like: str = ""


# By the name of the address; the name of a sight is that, and what is particular about it.
SIGHTS = [
    Sight("accounts:sign-in", "/account/sign-in/", ""),
    Sight(
        "accounts:sign-in refused",
        "/account/sign-in/",
        "",
        status=422,
        form={"username": "nobody@example.com", "password": "a guess"},
    ),
    Sight("accounts:sign-in with its menu", "/account/sign-in/", "", ("details.menu > summary",)),
    Sight("accounts:sign-up", "/account/sign-up/", ""),
    Sight(
        "accounts:sign-up refused",
        "/account/sign-up/",
        "",
        status=422,
        form={"name": "", "email": "no address", "password": "short"},
    ),
    Sight("accounts:sign-up-done", "/account/sign-up/done/", ""),
    Sight("accounts:sign-up-confirm", "{sign_up}", ""),
    Sight("accounts:sign-up-confirm used up", "/account/sign-up/made-up/", "", status=410),
    Sight("accounts:invitation", "{invitation}", ""),
    Sight("accounts:password-reset", "/account/password-reset/", ""),
    Sight("accounts:password-reset-done", "/account/password-reset/done/", ""),
    Sight("accounts:password-reset-confirm", "{reset}", ""),
    Sight("accounts:password-reset-confirm used up", "/account/password-reset/MQ/x-y/", "", status=410),
    Sight("accounts:password-reset-complete", "/account/password-reset/complete/", ""),
    Sight("accounts:email-confirm", "{move}", ""),
    Sight("accounts:email-confirm used up", "/account/email-change/made-up/", "", status=410),
    Sight("accounts:profile", "/account/"),
    Sight("accounts:profile with its menu", "/account/", press=(".bar details.menu > summary",)),
    Sight("accounts:email-change", "/account/email-change/"),
    Sight("accounts:password-change", "/account/password-change/"),
    Sight(
        "accounts:password-change refused",
        "/account/password-change/",
        status=422,
        form={"password": "", "new_password": "short"},
    ),
    Sight("accounts:places", "/account/places/"),
    Sight("accounts:prove", "/account/prove/"),
    Sight("accounts:second-factor", "/account/second-factor/"),
    Sight("accounts:export", "/account/export/"),
    Sight("accounts:export under way", "/account/export/", "bob"),
    Sight("accounts:export without any", "/account/export/", "olga"),
    Sight("accounts:delete", "/account/delete/"),
    Sight("accounts:delete of who runs the studio", "/account/delete/", "olga"),
    Sight("accounts:usage", "/account/usage/"),
    Sight("accounts:usage with its table", "/account/usage/", press=(".chart details > summary",)),
    Sight("accounts:keys", "/account/keys/"),
    Sight("accounts:keys with a new one", "/account/keys/", form={"name": "Shop import"}),
    Sight("accounts:keys without any", "/account/keys/", "bob"),
    Sight("accounts:key-revoke", "/account/keys/{key}/revoke/"),
    Sight("editor:editor", "/editor/"),
    Sight("editor:editor new", "/editor/", "bob"),
    Sight("editor:editor erase", "/editor/?tool=erase"),
    Sight("editor:editor head", "/editor/?tool=head"),
    Sight("editor:editor scene", "/editor/?tool=scene"),
    Sight("editor:photo", "/editor/photos/{photo}/"),
    Sight("editor:photo erase", "/editor/photos/{photo}/?tool=erase"),
    Sight("editor:photo head", "/editor/photos/{photo}/?tool=head"),
    Sight("editor:photo scene", "/editor/photos/{photo}/?tool=scene"),
    Sight("editor:photo scene that is short of a take", "/editor/photos/{short}/?tool=scene"),
    Sight("editor:photo scene with a take at work", "/editor/photos/{at_work}/?tool=scene"),
    Sight("editor:photo that failed", "/editor/photos/{failed}/"),
    Sight("editor:photo with its options", "/editor/photos/{photo}/", press=("#sheet",), on_a_phone=True),
    Sight("editor:photo with the desk's menu", "/editor/photos/{photo}/", press=("#strip-menu > summary",)),
    Sight("editor:trash", "/gallery/trash/"),
    Sight("editor:trash empty", "/gallery/trash/", "bob"),
    Sight("editor:gallery", "/gallery/"),
    Sight("editor:gallery empty", "/gallery/", "bob"),
    Sight("editor:gallery found nothing", "/gallery/?q=nothing+of+the+kind"),
    Sight("editor:gallery ticked", "/gallery/", press=("[data-select]", ".cards .pic")),
    Sight("editor:gallery enlarged", "/gallery/", press=(".cards .pic",)),
    Sight("editor:catalogue", "/catalogue/"),
    Sight("editor:catalogue empty", "/catalogue/", "bob"),
    Sight("editor:new-recipe", "/catalogue/recipes/new/"),
    Sight("editor:recipe", "/catalogue/recipes/{recipe}/", press=("#more",)),
    Sight("editor:recipe shared by another", "/catalogue/recipes/{shared_recipe}/"),
    Sight("editor:runs", "/catalogue/runs/"),
    Sight("editor:runs empty", "/catalogue/runs/", "bob"),
    Sight("editor:run empty", "/catalogue/runs/{run_empty}/"),
    Sight("editor:run gathering", "/catalogue/runs/{run_gathering}/"),
    Sight("editor:run going", "/catalogue/runs/{run_going}/"),
    Sight("editor:run stopped", "/catalogue/runs/{run_stopped}/"),
    Sight("editor:run done", "/catalogue/runs/{run_done}/"),
    Sight("editor:run with failures", "/catalogue/runs/{run_failed}/"),
    Sight(
        "editor:run with its menu", "/catalogue/runs/{run_empty}/", press=(".catalogue-head .menu > summary",)
    ),
    Sight("editor:run found nothing", "/catalogue/runs/{run_done}/?show=failed"),
    Sight("editor:run-item", "/catalogue/runs/{run_failed}/photos/2/"),
    Sight("editor:run-item that failed", "/catalogue/runs/{run_failed}/photos/4/"),
    Sight("api:reference", "/api/"),
    Sight("api:moving", "/moving-here/"),
    Sight(
        "api:moving with a call judged", "/moving-here/", form={"call": "POST /v1/remove size=hd crop=1:1"}
    ),
    Sight("nothing", "/nothing/here/", status=404),
    Sight("nothing to who is signed out", "/nothing/here/", "", status=404),
    Sight("forbidden", "/admin/", status=403),
]

# Addresses that no person looks at, by what they are instead.
NO_PAGES = {
    "led on to a page": {
        "editor:home",
        "admin:login",
        "admin:password_change",
        "admin:password_change_done",
    },
    "answered to a POST": {
        "accounts:language",
        "accounts:sign-out",
        "set-language",
        "accounts:export-delete",
        "accounts:oidc-begin",
        "accounts:passkey-options",
        "accounts:passkey-sign-in",
        "accounts:place-end",
        "accounts:places-end-others",
        "admin:logout",
        "editor:upload",
        "editor:start-cutout",
        "editor:finish",
        "editor:finish-undo",
        "editor:finish-redo",
        "editor:finish-apply",
        "editor:start-head",
        "editor:find-heads",
        "editor:start-erase",
        "editor:start-scene",
        "editor:put-away",
        "editor:delete-photo",
        "editor:task-cancel",
        "editor:task-retry",
        "editor:another-fill",
        "editor:another-take",
        "editor:correct",
        "editor:gallery-delete",
        "editor:recipe-delete",
        "editor:recipe-duplicate",
        "editor:recipe-import",
        "editor:recipe-preview",
        "editor:recipe-share",
        "editor:new-run",
        "editor:run-upload",
        "editor:run-start",
        "editor:run-stop",
        "editor:run-go-on",
        "editor:run-again",
        "editor:run-rename",
        "editor:run-delete",
        "editor:put-many-away",
        "editor:put-back",
        "editor:retry-all",
        "editor:stop-all",
        "editor:trash-restore",
        "editor:trash-delete",
    },
    "only after something else, see tests/accounts/identity": {
        "accounts:app-add",
        "accounts:codes-renew",
        "accounts:factor-remove",
        "accounts:passkey-add",
        "accounts:second-step",
        "accounts:oidc-callback",
        "accounts:oidc-disconnect",
        "accounts:oidc-sign-out",
    },
    "parts of a page": {
        "editor:strip",
        "editor:desk-photos",
        "editor:heads",
        "editor:task-status",
        "editor:scene-understood",
        "editor:scene-framing",
        "editor:run-progress",
        "editor:result-measures",
    },
    "files": {
        "accounts:export-file",
        "words",
        "editor:photo-preview",
        "editor:photo-thumbnail",
        "editor:photo-original",
        "editor:task-early",
        "editor:task-patch",
        "editor:result-file",
        "editor:result-thumbnail",
        "editor:result-screen",
        "editor:result-download",
        "editor:result-frames",
        "editor:result-signed",
        "editor:gallery-zip",
        "editor:recipe-export",
        "editor:run-file",
        "editor:run-thumbnail",
        "editor:run-zip",
        "editor:run-manifest",
    },
    "for programs": {
        "accounts:oidc-ended",
        "api:openapi",
        "api:scenes",
        "api:coins",
        "api:package-credits",
        "api:create",
        "api:query",
        "api:remove",
        "api:me",
        "api:segment",
        "api:edit",
        "api:account",
        "api:account-of-today",
        "api:removebg",
        "api:removebg-account",
        "api:rembg",
        "healthz",
        "readyz",
        "metrics",
        "admin:jsi18n",
        "admin:autocomplete",
        "admin:view_on_site",
    },
}
# What of a row at the desk is no page.
NO_PAGES_OF_ROWS = {"csv"}


def names() -> set[str]:
    """Return the name of every address that the studio has one for, with its namespace."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"


def desk() -> list[Sight]:
    """Return the pages of the desk: what every row has, and what some have of their own."""
    found = [
        Sight("admin:index", "/admin/", "olga"),
        Sight("admin:app_list", "/admin/accounts/", "olga"),
        Sight("admin:status", "/admin/status/", "olga"),
        Sight("admin:storage", "/admin/storage/", "olga"),
        Sight("admin:accounts_user_act", "/admin/accounts/user/act/grant/?ids={alice}", "olga"),
        Sight("admin:accounts_user_act grave", "/admin/accounts/user/act/delete/?ids={alice}", "olga"),
        Sight(
            "admin:accounts_user_act refused",
            "/admin/accounts/user/act/grant/?ids={alice}",
            "olga",
            status=422,
            form={"credits": "0", "reason": ""},
        ),
        Sight("admin:auth_user_password_change", "/admin/accounts/user/{alice}/password/", "olga"),
        Sight("admin:editor_market_shipped", "/admin/editor/market/amazon/shipped/", "olga"),
        Sight("admin:editor_provider_try", "/admin/editor/provider/picwish/try/", "olga"),
    ]
    for model, options in admin.site._registry.items():
        package, kind = model._meta.app_label, model._meta.model_name
        base, named = f"/admin/{package}/{kind}/", f"admin:{package}_{kind}"
        row = f"{base}{{{package}_{kind}}}/"
        found.append(Sight(f"{named}_changelist", base, "olga"))
        if type(options).has_add_permission(options, _everything()):
            found.append(Sight(f"{named}_add", f"{base}add/", "olga"))
        found += [
            Sight(f"{named}_change", f"{row}change/", "olga"),
            Sight(f"{named}_history", f"{row}history/", "olga", like="history"),
        ]
        if type(options).has_delete_permission(options, _everything()):
            found.append(Sight(f"{named}_delete", f"{row}delete/", "olga", like="delete"))
    return found


def part(sights: list[Sight]) -> tuple[list[Sight], list[Sight]]:
    """Return those of which none is like one before it, and the others."""
    first: dict[str, Sight] = {}
    for sight in sights:
        first.setdefault(sight.like or sight.name, sight)
    return list(first.values()), [sight for sight in sights if sight not in first.values()]


def _everything() -> object:
    """A request of somebody who may do everything."""
    from django.http import HttpRequest

    from accounts.models import User

    request = HttpRequest()
    request.user = User(is_superuser=True, is_staff=True, is_active=True)  # type: ignore[assignment]
    return request
