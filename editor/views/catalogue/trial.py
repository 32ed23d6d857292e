"""A recipe tried on a cutout of one's own: its first file as the engine makes it. Nothing is saved."""

import uuid
from dataclasses import dataclass
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.markets import apply_market, uses_backdrop
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.proposals import Measures
from editor.files import downloads, measures
from editor.files.render_process import RenderFailed
from editor.files.renders import Render
from editor.forms import RecipeForm
from editor.models import Photo, Result
from editor.views.access import Request, signed_in
from editor.views.files import Making, Waiting, waits_for_renders
from editor.views.responses import get_first_error, say
from editor.work import recipes
from web.language.sentences import tell

from . import sight

PREVIEW_SIZE = "large"
# Percent-encoded words for people beside a preview: what could not be measured on its product.
NOTE = "X-Note"


@dataclass(frozen=True)
class Trying(Waiting):
    """A preview that waits until its cutout is measured, where that is asked for, and it is made."""

    request: Request
    form: RecipeForm
    result: Result

    async def answer(self) -> HttpResponseBase:
        asked = self.form.to_recipe()
        finish, notes = asked.finish, ""
        if asked.needs_measures:
            try:
                found = await measures.find(self.result)
            except FileNotFoundError:
                return say(gettext("The file of this cutout is gone. Look at another."), 409)
            except RenderFailed as exc:
                return say(tell(exc.sentence), exc.status)
            finish, notes = asked.follow(finish, found), explain(asked, found)
        render = await sync_to_async(make_preview)(self.request, self.form, self.result, finish)
        response = await Making(self.request, render, "preview.webp", False, downloads.NEVER).answer()
        response[NOTE] = quote(notes)
        return response


@require_POST
@waits_for_renders
@signed_in
def recipe_preview(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Trying:
    """A cutout of one's own as the recipe in the form would have its first file, small. Nothing is saved."""
    result = get_object_or_404(
        Result.objects.owned_by(request.user).filter(bare=True).select_related("photo", "task"), pk=result_id
    )
    form = RecipeForm(request.POST, markets=sight.list_market_choices())
    if not form.is_valid() and "backdrop" not in form.errors:
        return say(get_first_error(form), 422)
    if not form.is_valid():
        return say(gettext("Save the recipe once, and the picture behind shows here."), 422)
    return Trying(request, form, result)


def explain(recipe: engine.Recipe, found: Measures) -> str:
    """Return why a product is not as the recipe asks, where nothing could be measured on it."""
    asked = {
        "exposure": recipe.exposure and found.exposure is None,
        "white_balance": recipe.white_balance and found.warmth is None,
        "straighten": recipe.straighten and found.angle is None,
    }
    reasons = [found.reasons.get(name, "") for name, is_missed in asked.items() if is_missed]
    if recipe.straighten and abs(found.angle or 0) > recipe.most_angle:
        reasons.append(
            gettext("The product leans by %(value)s°, more than the recipe turns.")
            % {"value": number_format(round(abs(found.angle or 0), 1), 1)}
        )
    return " ".join(dict.fromkeys(reasons))


def make_preview(request: Request, form: RecipeForm, result: Result, finish: Finish) -> Render:
    """Return the render of the form's first file, as large as screens need it. finish: as it is resolved."""
    asked = form.to_recipe()
    spec = asked.files[0]
    market = recipes.list_markets().get(spec.market) if spec.frame == "market" else None
    finish = apply_market(finish, market) if market else finish
    behind = None
    if form.backdrop_before and uses_backdrop(market):
        pictures = Photo.objects.owned_by(request.user).filter(purpose=Photo.Purpose.BACKDROP)
        behind = pictures.filter(pk=form.backdrop_before).first()
    opaque = spec.format == "jpg" and not finish.background
    shown = {**finish.to_dict(), "format": "webp", "size": PREVIEW_SIZE}
    work = {"work": "finish", "finish": {**shown, "background": "#ffffff"} if opaque else shown}
    return Render(result, "webp", work, behind)
