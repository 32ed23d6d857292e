"""The row of the one call."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.requests.fields import NONE_OF_IT

from . import views
from .endpoints import REFUSAL, REMOVE, STATUSES, describe_account
from .errors import FAMILY

DIALECT = Dialect(
    family=FAMILY,
    called="<code>/v1/remove</code> and <code>/v1/me</code>",
    urlpatterns=[
        re_path(r"^v1/remove/?$", views.remove, name="remove"),
        re_path(r"^v1/me/?$", views.me, name="me"),
    ],
    endpoints=(REMOVE,),
    statuses=STATUSES,
    refusal="OneCallRefusal",
    refusal_schema=REFUSAL,
    refusal_example='{"code": "…", "message": "…", "details": {"crop": ["…"]}, "request_id": "…"}',
    meaning="Code and meaning",
    describe_more=describe_account,
    elsewhere={
        "file": (),
        "url": (),
        "padding": NONE_OF_IT,
        "width": (),
        "height": (),
        "fit": (),
    },
    place=20,
)
