"""One wish, in the words of the page and of every dialect, gives one picture, bit for bit."""

from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from editor.api.dialects.one_call.forms import RemoveForm
from editor.api.dialects.photoroom.forms import EditForm, SegmentForm
from editor.api.dialects.removebg.forms import RemoveBgForm
from editor.api.dialects.tasks.forms import SegmentationForm
from editor.engines import types
from editor.engines.tools import cutout
from editor.engines.tools.cutout import CutoutOptions
from editor.forms import FinishForm

URL = "https://pictures.example/lamp.jpg"
Wish = dict[str, dict[str, str]]
# Where a dialect cannot say it, it is not there.
WISHES: dict[str, Wish] = {
    "as it is": {
        "page": {},
        "tasks": {},
        "one call": {},
        "remove.bg": {"size": "auto", "format": "png"},
        "segment": {},
        "edit": {"referenceBox": "originalImage"},
    },
    "to the edge": {
        "page": {"canvas": "content"},
        "tasks": {"crop": "1"},
        "one call": {"crop": "true"},
        "remove.bg": {"size": "auto", "format": "png", "crop": "true"},
        "segment": {"crop": "true"},
        "edit": {"outputSize": "croppedSubject"},
    },
    "to the edge, on white, as jpg": {
        "page": {"canvas": "content", "background": "#ffffff", "format": "jpg"},
        "tasks": {"crop": "1", "format": "jpg", "bg_color": "white"},
        "one call": {"crop": "true", "channels": "rgb", "format": "jpg"},
        "remove.bg": {"size": "auto", "crop": "true", "bg_color": "fff", "format": "jpg"},
        "segment": {"crop": "true", "bg_color": "#FFFFFF", "format": "jpg"},
        "edit": {"outputSize": "croppedSubject", "background.color": "white", "export.format": "jpeg"},
    },
    "within 400 x 300 with a tenth free on each side": {
        "page": {"canvas": "exact", "width": "400", "height": "300", "margin": "10", "enlarge": "on"},
        "one call": {"crop": "true", "padding": "12.5%", "width": "400", "height": "300"},
        "edit": {"outputSize": "400x300", "margin": "0.1"},
    },
    "a square around it": {
        "page": {"canvas": "ratio", "ratio": "1:1"},
        "one call": {"crop": "1:1", "padding": "0"},
    },
    "half transparent red behind it": {
        "remove.bg": {"size": "auto", "format": "png", "bg_color": "ff000080"},
        "segment": {"bg_color": "#ff000080"},
        "edit": {"referenceBox": "originalImage", "background.color": "FF000080"},
    },
}


def ask(dialect: str, fields: dict[str, str]) -> CutoutOptions:
    """Return what the engine is asked for."""
    if dialect == "page":
        page = FinishForm(fields)
        assert page.is_valid(), page.errors
        return CutoutOptions(finish=page.to_finish().to_dict())
    forms: dict[str, Any] = {
        "tasks": (SegmentationForm, {"image_url": URL}),
        "one call": (RemoveForm, {"image_url": URL}),
        "remove.bg": (RemoveBgForm, {"image_url": URL}),
        "segment": (SegmentForm, {}),
        "edit": (EditForm, {"imageUrl": URL}),
    }
    kind, needed = forms[dialect]
    files = MultiValueDict(
        {"image_file": [SimpleUploadedFile("a.jpg", b"a")]} if dialect == "segment" else {}
    )
    form = kind({**needed, **fields}, files)
    assert form.is_valid(), form.errors
    return CutoutOptions.from_dict(form.to_params())


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
def test_the_same_wish_is_the_same_picture_in_all_words(wish: Wish) -> None:
    alpha: types.Alpha = np.zeros((90, 120), np.float32)
    alpha[20:60, 30:80] = 1
    alpha[25:30, 80:90] = 0.5
    rgb = np.arange(90 * 120 * 3, dtype=np.uint32).reshape(90, 120, 3).astype(np.uint8)
    made = {}
    for dialect, fields in wish.items():
        options = ask(dialect, fields)
        made[dialect] = cutout.finish(rgb, alpha, options)[0], options.to_finish().format
    (first, format), *others = made.values()
    for name, (other, its_format) in list(made.items())[1:]:
        assert other.rgb.shape == first.rgb.shape, name
        assert (other.mask == first.mask).all(), name
        seen = first.mask > 0 if first.alpha is not None else np.ones_like(first.mask, bool)
        assert (other.rgb[seen] == first.rgb[seen]).all(), name
        assert (other.alpha is None) == (first.alpha is None), name
        assert its_format == format, name
    assert others
