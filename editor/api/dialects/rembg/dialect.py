"""The row of rembg's server."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect

from . import views
from .endpoints import REFUSAL, REFUSAL_NAME, REMOVE, STATUSES, describe_more
from .errors import FAMILY

DIALECT = Dialect(
    family=FAMILY,
    called="<code>/api/remove</code>",
    urlpatterns=[re_path(r"^api/remove/?$", views.remove, name="rembg")],
    endpoints=(REMOVE,),
    statuses=STATUSES,
    refusal=REFUSAL_NAME,
    refusal_schema=REFUSAL,
    refusal_example='{"detail": "…"}',
    describe_more=describe_more,
    place=50,
)
