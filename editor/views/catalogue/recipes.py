"""Recipes: listed, made, changed, tried on a cutout of one's own, copied, shared, sent and taken as files."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from editor import finishes
from editor.engines.catalogue import recipe as engine
from editor.files import downloads, uploads
from editor.forms import RecipeForm
from editor.forms.recipe import WHITE_SQUARE
from editor.models import Recipe, Run
from editor.views.access import Request, signed_in
from editor.views.responses import get_first_error, get_own_photo
from editor.work import orders, recipes
from editor.work.backdrops import find_backdrop
from web.error_pages import answer
from web.language.sentences import tell

from . import sight
from .run_cards import LATEST, list_run_cards


class RecipeFileForm(forms.Form):
    """A recipe that comes as a file."""

    recipe = forms.FileField(
        max_length=500,
        error_messages={
            "required": _("Choose the recipe's file first."),
            "empty": _("This file is empty. Choose a file that was exported here."),
        },
    )

    def clean_recipe(self) -> bytes:
        upload = self.cleaned_data["recipe"]
        if upload.size > recipes.MOST_FILE_BYTES:
            raise forms.ValidationError(
                gettext("This file is too large for a recipe. Choose one that was exported here.")
            )
        text: bytes = upload.read()
        return text


def get_own_recipe(request: Request, recipe_id: uuid.UUID) -> Recipe:
    """Return a recipe of the person who asks. Raises Http404 for anybody else's."""
    return get_object_or_404(Recipe.objects.owned_by(request.user), pk=recipe_id)


def get_usable_recipe(request: Request, recipe_id: uuid.UUID) -> Recipe:
    return get_object_or_404(Recipe.objects.usable_by(request.user), pk=recipe_id)


@require_safe
@signed_in
def catalogue(request: Request) -> HttpResponseBase:
    """The latest runs, the recipes that a person can use, and the ways to new ones."""
    own = Run.objects.owned_by(request.user).newest_first()
    latest = list(own[: LATEST + 1])
    context = {"cards": sight.list_cards(request.user), "runs": list_run_cards(latest[:LATEST])}
    return render(request, "editor/catalogue/catalogue.html", {**context, "more_runs": len(latest) > LATEST})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_recipe(request: Request) -> HttpResponseBase:
    """A new recipe: white and square, or as a photo of one's own is finished."""
    if request.method == "POST":
        return save_recipe(request, None)
    return show_recipe(request, make_first_form(request))


def make_first_form(request: Request) -> RecipeForm:
    """Return what a new recipe begins with: a photo's finish, where the address names one."""
    if "photo" not in request.GET:
        return sight.make_form(engine.Recipe(name=gettext("White, square"), finish=WHITE_SQUARE))
    form = forms.UUIDField(required=False)
    try:
        key = form.clean(request.GET["photo"])
    except forms.ValidationError:
        key = None
    photo = get_own_photo(request, key or uuid.UUID(int=0))
    current = finishes.get_current(photo)
    task = photo.tasks.filter(tool="cutout").newest_first().first()
    subject = task.params.get("subject", "") if task else ""
    found = engine.Recipe(
        name=(gettext("As %(name)s") % {"name": photo.name})[: engine.MOST_NAME],
        subject=subject,
        finish=current.finish,
        files=(engine.FileSpec(format=current.finish.format),),
    )
    return sight.make_form(found, current.backdrop.pk if current.backdrop else None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recipe(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """A recipe of one's own, to be changed; a shared one to be looked at and copied."""
    row = get_usable_recipe(request, recipe_id)
    if request.method == "POST":
        return save_recipe(request, get_own_recipe(request, recipe_id))
    try:
        form = sight.make_form(recipes.read(row), row.backdrop_id)
    except recipes.RecipeRefused as exc:
        return answer(request, 409, gettext("This recipe cannot be shown"), tell(exc.sentence))
    return show_recipe(request, form, row)


def show_recipe(
    request: Request, form: RecipeForm, row: Recipe | None = None, status: int = 200
) -> HttpResponse:
    context = sight.list_form_choices(request.user, form)
    own = row is None or row.owner_id == request.user.pk
    return render(request, "editor/catalogue/recipe.html", {**context, "row": row, "own": own}, status=status)


def save_recipe(request: Request, row: Recipe | None) -> HttpResponseBase:
    """Keep what was sent, or show it once more with what is wrong, or with one more file to fill in."""
    if "more" in request.POST:
        return show_recipe(request, sight.make_form_with_more(request.POST), row)
    form = RecipeForm(request.POST, request.FILES, markets=sight.list_market_choices())
    if not form.is_valid():
        messages.error(request, get_first_error(form))
        return show_recipe(request, form, row, 422)
    try:
        behind = find_backdrop(request.user, form.backdrop_upload, form.backdrop_before)
        if row is None:
            row = recipes.create(request.user, form.to_recipe(), behind)
        else:
            recipes.change(row, form.to_recipe(), behind)
    except (uploads.UploadRefused, orders.OrderRefused, recipes.RecipeRefused) as exc:
        messages.error(request, tell(exc.sentence))
        return show_recipe(request, form, row, 422)
    messages.success(request, gettext("%(name)s is saved.") % {"name": row.name})
    return redirect("editor:recipe", row.pk)


@require_POST
@signed_in
def recipe_duplicate(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """Copy a recipe, one's own or a shared one."""
    try:
        copied = recipes.duplicate(request.user, get_usable_recipe(request, recipe_id))
    except recipes.RecipeRefused as exc:
        return answer(request, 409, gettext("This recipe was not copied"), tell(exc.sentence))
    messages.success(request, gettext("%(name)s is yours to change.") % {"name": copied.name})
    return redirect("editor:recipe", copied.pk)


@require_POST
@signed_in
def recipe_share(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """Let everybody in the studio use a recipe, or no longer. For admins."""
    row = get_own_recipe(request, recipe_id)
    if not request.user.is_staff:
        return answer(
            request,
            403,
            gettext("Not shared"),
            gettext("An admin of the studio shares recipes. Export it, and send it."),
        )
    row.shared = request.POST.get("shared") == "on"
    row.save(update_fields=["shared"])
    said = (
        gettext("%(name)s can be used by everybody in the studio.")
        if row.shared
        else gettext("%(name)s is yours alone again.")
    )
    messages.success(request, said % {"name": row.name})
    return redirect("editor:recipe", row.pk)


@require_POST
@signed_in
def recipe_delete(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """Delete a recipe. What was made by it stays."""
    row = get_own_recipe(request, recipe_id)
    row.delete()
    messages.success(request, gettext("%(name)s is deleted.") % {"name": row.name})
    return redirect("editor:catalogue")


@require_GET
@signed_in
def recipe_export(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """A recipe in its text form, to keep or to send."""
    row = get_usable_recipe(request, recipe_id)
    try:
        text = recipes.write_file(row)
    except recipes.RecipeRefused as exc:
        return answer(request, 409, gettext("This recipe cannot be exported"), tell(exc.sentence))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"{downloads.clean_name(row.name) or 'recipe'}.recipe.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = downloads.NEVER
    return response


@require_POST
@signed_in
def recipe_import(request: Request) -> HttpResponseBase:
    """Keep a recipe that comes as a file."""
    form = RecipeFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, 422, gettext("This recipe was not taken"), get_first_error(form))
    try:
        row = recipes.read_file(request.user, form.cleaned_data["recipe"])
    except recipes.RecipeRefused as exc:
        return answer(request, 422, gettext("This recipe was not taken"), tell(exc.sentence))
    messages.success(
        request, gettext("%(name)s is yours now. Look at it before you use it.") % {"name": row.name}
    )
    return redirect("editor:recipe", row.pk)
