"""One form per tool: the single truth of its parameters, for the page and for the API."""

from .cutout import CorrectionForm, CutoutForm, SubjectForm
from .erase import EraseForm
from .fields import OneFileForm, UploadForm
from .finish import FinishForm, FramesForm
from .head import HeadForm
from .recipe import RecipeForm
from .scene import SceneForm

__all__ = [
    "CorrectionForm",
    "CutoutForm",
    "EraseForm",
    "FinishForm",
    "FramesForm",
    "HeadForm",
    "OneFileForm",
    "RecipeForm",
    "SceneForm",
    "SubjectForm",
    "UploadForm",
]
