"""The row of the one call."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.reference import operations
from editor.api.requests.fields import NONE_OF_IT

from . import views
from .endpoints import REMOVE, STATUSES, describe_account
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
    refusal_schema=operations.make_object(
        {name: {"type": "string"} for name in ("code", "message", "details", "request_id")}
    ),
    refusal_example='{"code": "…", "message": "…", "details": "…", "request_id": "…"}',
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
