"""The row of Photoroom's words."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.requests.fields import NO, NONE_OF_IT, YES

from . import views
from .endpoints import EDIT, REFUSAL, REFUSAL_NAME, SEGMENT, STATUSES, describe_more
from .errors import FAMILY
from .forms import SIDES

BEYOND = {
    "templateId": "",
    "layers": "",
    "segmentation": "mode prompt negativePrompt",
    "background": "blur.mode prompt negativePrompt seed expandPrompt expandPrompt.mode "
    "guidance.imageUrl guidance.imageFile guidance.scale",
    "beautify": "mode seed",
    "describeAnyChange": "mode prompt seed",
    "editWithAI": "mode prompt seed",
    "expand": "mode seed",
    "uncrop": "mode seed",
    "upscale": "mode",
    "lighting": "mode",
    "textRemoval": "mode",
    "outline": "color width blurRadius",
    "flatLay": "mode prompt size",
    "ghostMannequin": "mode prompt size",
    "imageFromPrompt": "prompt seed size",
    "virtualModel": "mode model model.preset.name pose prompt quality scene scene.preset.name size "
    "additionalProductImages",
    "shadow": "directionOverride intensityOverride softnessOverride spreadOverride subjectPoseOverride",
}
"""What its edit can be besides and is not done here, by group."""

DIALECT = Dialect(
    family=FAMILY,
    called="<code>/v1/segment</code>, <code>/v2/edit</code> and the accounts",
    urlpatterns=[
        re_path(r"^v1/segment/?$", views.segment, name="segment"),
        re_path(r"^v1/account/?$", views.account, name="account"),
        re_path(r"^v2/account/?$", views.account_of_today, name="account-of-today"),
        re_path(r"^v2/edit/?$", views.edit, name="edit"),
    ],
    endpoints=(SEGMENT, EDIT),
    statuses=STATUSES,
    refusal=REFUSAL_NAME,
    refusal_schema=REFUSAL,
    refusal_example='{"detail": "…", "status_code": 400, "type": "…"}',
    meaning="Type and meaning",
    describe_more=describe_more,
    elsewhere={
        # The old background is always taken out of the edges' colours.
        "despill": YES | NO,
        "imageUrl": (),
        "imageFile": (),
        "outputSize": ("originalimage",),
        "maxWidth": (),
        "maxHeight": (),
        **{f"{name}{side}": NONE_OF_IT for name in ("padding", "margin") for side in ("", *SIDES)},
        "scaling": (),
        "horizontalAlignment": (),
        "verticalAlignment": (),
        "referenceBox": ("originalimage",),
        "ignorePaddingAndSnapOnCroppedSides": YES | NO,
        "keepExistingAlphaChannel": ("never",),
        "removeBackground": YES,
        "background.color": ("transparent",),
        "background.imageUrl": (),
        "background.imageFile": (),
        "background.scaling": (),
        "background.blur.radius": ("0",),
        "shadow.mode": (),
        "export.format": (),
        "export.dpi": (),
        "preserveMetadata": ("never",),
        **{
            f"{group}.{name}".strip("."): ()
            for group, names in BEYOND.items()
            for name in names.split() or [""]
        },
    },
    place=40,
)
