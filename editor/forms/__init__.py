"""One form per tool: the single truth of its parameters, for the page and for the API."""

from .cutout import CutoutForm
from .erase import EraseForm
from .fields import OneFileForm, UploadForm
from .head import HeadForm
from .scene import SceneForm

__all__ = ["CutoutForm", "EraseForm", "HeadForm", "OneFileForm", "SceneForm", "UploadForm"]
