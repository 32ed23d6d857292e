"""A tool that is not ours: the files and lines that CONTRIBUTING lists for a new tool, filled in."""

NAME = "upscale"

# What is written anew, by its place in the tree. TOOL stands for the tool's name.
FILES = {
    "editor/engines/tools/TOOL.py": '''"""Enlarging a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.io import outputs, pictures

from . import commands


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write the picture file `source` enlarged by `factor`. Raises InvalidOptions."""
    factor, format = options.get("factor", 2), options.get("format", "png")
    if factor not in (2, 3):
        raise InvalidOptions("A picture is enlarged two or three times.")
    picture = pictures.read(source)
    report(0.5)
    image = pictures.to_pillow(picture.rgb, picture.alpha)
    large = image.resize((factor * image.width, factor * image.height))
    return outputs.write_result(large, folder, format, density=picture.density)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input")
    parser.add_argument("folder")


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    made, *_ = run(asked.input, Path(asked.folder), {}, types.ignore_progress)
    commands.say(made.path)
    return commands.DONE
''',
    "editor/forms/TOOL.py": '''"""What enlarging takes."""

from typing import Any

from django import forms

from .cutout import CutoutForm
from .fields import OneFileForm


class UpscaleForm(OneFileForm):
    """How much larger, and what file comes out."""

    FACTORS = [("2", "Twice"), ("3", "Three times")]

    factor = forms.TypedChoiceField(choices=FACTORS, coerce=int, empty_value=2, required=False)
    format = forms.ChoiceField(label="File", choices=CutoutForm.FORMATS, initial="png", required=False)

    def to_params(self) -> dict[str, Any]:
        return {"factor": self.cleaned_data["factor"], "format": self.cleaned_data["format"] or "png"}
''',
    "editor/views/TOOL.py": '''"""Enlarging a photo: the order."""

import uuid

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from editor.forms.upscale import UpscaleForm
from editor.tools import Tool
from editor.work import orders

from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse, show_task


@signed_in
@require_POST
def start_upscale(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = get_own_photo(request, photo_id)
    form = UpscaleForm(request.POST)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, photo, form)
    try:
        task = orders.place(photo.owner, photo, Tool.UPSCALE, form.to_params())
    except orders.OrderRefused as exc:
        return refuse(request, exc.sentence, exc.status, photo, form)
    return show_task(request, task)
''',
    "editor/views/tools/TOOL.py": '''"""What the desk shows while photos are enlarged."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from editor.forms.upscale import UpscaleForm
from editor.models import Photo
from editor.tools import Tool

from .base import Sight, ToolButton


class UpscaleSight(Sight):
    """A photo with its enlargements."""

    form = UpscaleForm

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        return UpscaleForm(
            initial={"factor": asked.get("factor", 2), "format": asked.get("format", "png")}
        )


BUTTON = ToolButton(
    tool=Tool.UPSCALE,
    icon="image",
    intro="More pixels for print.",
    adds="They wait here until you have said how large.",
    at_work="Drawing the pixels between.",
    done="enlarged",
    sight=UpscaleSight,
)
''',
    "templates/editor/tools/TOOL/options.html": """<form id="options" class="options" method="post">
  {% csrf_token %}
  {{ form.factor }}
  {{ form.format }}
</form>
""",
    "templates/editor/tools/TOOL/start.html": (
        """<button type="submit" class="button main grow" id="start" form="options"
  formaction="{% url 'editor:start-upscale' sight.photo.pk %}{{ tool.query }}">Enlarge</button>
"""
    ),
    "static/js/tools/TOOL/TOOL.js": "// Nothing moves while a photo is enlarged.\n",
    "static/css/tools/TOOL.css": "/* Nothing looks otherwise while a photo is enlarged. */\n",
}

# What changes in files that are there: each text, which is there once, and what takes its place.
EDITS: dict[str, list[tuple[str, str]]] = {
    "editor/tools.py": [
        ('    SCENE = "scene"\n', '    SCENE = "scene"\n    UPSCALE = "upscale"\n'),
        (
            "}\n\nCHOICES = [",
            """    Tool.UPSCALE: ToolSpec(
        label="Upscale",
        plural="Enlarged",
        jobs="enlargements",
        rail=5,
        credits=2,
        endpoint="upscale",
    ),
}

CHOICES = [""",
        ),
    ],
    "editor/api/dialects/tasks/forms.py": [
        (
            "from editor.forms import CutoutForm, EraseForm, HeadForm, SceneForm\n",
            "from editor.forms import CutoutForm, EraseForm, HeadForm, SceneForm\n"
            "from editor.forms.upscale import UpscaleForm\n",
        ),
        (
            "FORMS: dict[str, type[CallForm]] = {\n",
            """class UpscaleCallForm(CallForm):
    tool = Tool.UPSCALE

    sync = ChoiceOfNumbers(0, 1, initial=0, help_text=SYNC_HELP)
    factor = ChoiceOfNumbers(2, 3, initial=2, help_text="How much larger.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.tool_form = self.judged(UpscaleForm({"factor": cleaned.get("factor", 2)}))
        return cleaned

    def to_params(self) -> dict[str, Any]:
        return self.tool_form.to_params()


FORMS: dict[str, type[CallForm]] = {
""",
        ),
        ("FaceCutoutForm, InpaintForm)", "FaceCutoutForm, InpaintForm, UpscaleCallForm)"),
    ],
    "editor/api/dialects/tasks/endpoints.py": [
        (
            "InpaintForm, SegmentationForm\n",
            "InpaintForm, SegmentationForm, UpscaleCallForm\n",
        ),
        (
            "TASKS = (SEGMENTATION, BACKGROUND, FACE_CUTOUT, INPAINT)",
            """UPSCALE = Endpoint(
    SPECS[Tool.UPSCALE].endpoint,
    "Enlarging",
    "More pixels.",
    UpscaleCallForm,
    (*TASK, IMAGE),
    cost="2 credits",
    beginning=VISUAL,
    example=Call(PHOTO, "large.png", {"sync": "1"}),
)
TASKS = (SEGMENTATION, BACKGROUND, FACE_CUTOUT, INPAINT, UPSCALE)""",
        ),
    ],
}
