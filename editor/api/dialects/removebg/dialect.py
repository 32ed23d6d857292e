"""The row of remove.bg's addresses."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.requests.fields import NO, NONE_OF_IT, WHOLE, YES

from . import views
from .endpoints import REMOVEBG, STATUSES, describe_account
from .errors import FAMILY

ERROR = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("title", "detail", "code")},
    "required": ["title"],
}

DIALECT = Dialect(
    family=FAMILY,
    called="<code>/v1.0/removebg</code> and <code>/v1.0/account</code>",
    urlpatterns=[
        re_path(r"^v1\.0/removebg/?$", views.remove, name="removebg"),
        re_path(r"^v1\.0/account/?$", views.account, name="removebg-account"),
    ],
    endpoints=(REMOVEBG,),
    statuses=STATUSES,
    refusal="RemoveBgRefusal",
    refusal_schema={
        "type": "object",
        "properties": {"errors": {"type": "array", "items": ERROR, "minItems": 1}},
        "required": ["errors"],
    },
    refusal_example='{"errors": [{"title": "…", "code": "…"}]}',
    meaning="Code and meaning",
    describe_more=describe_account,
    elsewhere={
        "image_file_b64": (),
        "type_level": ("1", "none"),
        "roi": ("0% 0% 100% 100%",),
        "crop_margin": NONE_OF_IT,
        "scale": ("original",),
        "position": ("original",),
        "add_shadow": NO,
        "shadow_type": ("none",),
        "shadow_opacity": (),
        "semitransparency": YES,
        "size": WHOLE,
        "channels": ("rgba",),
    },
    place=30,
)
