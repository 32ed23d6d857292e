"""What is measured on a cutout, for who asks what its finish could do better."""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from editor.files import measures
from editor.files.render_process import RenderFailed
from editor.models import Result
from web.language.sentences import tell

from .access import Request, signed_in
from .files import Waiting, waits_for_renders
from .responses import say

GONE = _("The file of this cutout is gone. Cut the photo out again; it costs nothing.")


@dataclass(frozen=True)
class Measuring(Waiting):
    """An answer that waits until a cutout is measured."""

    result: Result

    async def answer(self) -> HttpResponseBase:
        try:
            return JsonResponse((await measures.find(self.result)).to_dict())
        except FileNotFoundError:
            return say(str(GONE), 409)
        except RenderFailed as exc:
            return say(tell(exc.sentence), exc.status)


@require_POST
@waits_for_renders
@signed_in
def result_measures(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Measuring:
    """What is proposed for a cutout's light and rotation, as Measures.to_dict. It is measured once."""
    results = Result.objects.owned_by(request.user).select_related("photo", "task")
    result = get_object_or_404(results, pk=result_id)
    if not result.bare:
        raise Http404
    return Measuring(result)
