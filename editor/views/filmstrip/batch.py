"""All photos of the desk at once: what did not get done is tried again, what is under way is stopped."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from editor.models import Photo, Task
from editor.states import RETRY_HELPS, UNDER_WAY, State
from editor.views.access import Request, signed_in
from editor.work import orders
from web.error_pages import is_by_script
from web.language.sentences import tell

from .frames import select_newest_task
from .putting_away import answer

# Refusals that are about one photo and not about the next.
OF_ONE = frozenset({404, 409})


def find_newest(user: User, states: frozenset[State]) -> QuerySet[Task]:
    """Return the tasks that are their photo's newest, on a desk, and in one of these states; oldest first."""
    photos = Photo.objects.owned_by(user).on_the_desk().order_by()
    newest = photos.annotate(newest=select_newest_task("pk")).values("newest")
    tasks = Task.objects.owned_by(user).filter(pk__in=newest, state__in=states)
    return tasks.select_related("photo").order_by("created_at", "pk")


@signed_in
@require_POST
def retry_all(request: Request) -> HttpResponseBase:
    """Place anew what failed in a way that may not come again, or was stopped, in its old order.

    Where somebody's credits end, or their room, the rest stays as it is and is told of. Where so many are
    under way as their plan has at once, a script is told up to when the others are, and asks again with it.
    """
    count, refusal, facts = 0, "", {}
    until = read_moment(request.POST.get("until", "")) or timezone.now()
    for task in find_newest(request.user, RETRY_HELPS).filter(created_at__lte=until):
        try:
            orders.retry(task)
            count += 1
        except orders.OrderRefused as exc:
            refusal = tell(exc.sentence)
            if exc.status == 429:
                facts = {"until": until.isoformat()}
            if exc.status not in OF_ONE:
                break
    if facts and is_by_script(request):
        refusal = gettext("The others follow by themselves while this page is open.")
    sentence = ngettext("%(count)s photo is tried again.", "%(count)s photos are tried again.", count)
    told = sentence % {"count": count} if count or not refusal else ""
    return answer(request, f"{told} {refusal}".strip(), count=count, **facts)


def read_moment(text: str) -> datetime | None:
    """Return the moment that a script was told before, None for none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@signed_in
@require_POST
def stop_all(request: Request) -> HttpResponseBase:
    """Stop all work on the desk: at once what waits, and what a worker has as soon as it looks."""
    count = sum(orders.cancel(task) for task in find_newest(request.user, frozenset(UNDER_WAY)))
    if not count:
        return answer(request, gettext("Nothing is under way."), count=0)
    sentence = ngettext(
        "%(count)s photo stopped. Nothing is charged for it.",
        "%(count)s photos stopped. Nothing is charged for them.",
        count,
    )
    return answer(request, sentence % {"count": count}, count=count)
