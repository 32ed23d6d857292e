"""The form behind the stage's preview: how a product would stand, before anything is made."""

from typing import Any

from django import forms

from editor.engines.errors import EngineError
from editor.engines.scenes import framing, product_pose, true_size
from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.prompt import Understanding, understand
from editor.engines.scenes.templates import catalogue

from .scene import MOST_SEED, PlaceField, PromptField, SceneForm


class FramingForm(forms.Form):
    """The product's size, and what of the scene moves it. What is not known yet is as it usually is.

    With the seed that the order will have, this is how its first take will be framed.
    """

    MOST_PIXELS = 20_000

    width = forms.IntegerField(min_value=1, max_value=MOST_PIXELS)
    height = forms.IntegerField(min_value=1, max_value=MOST_PIXELS)
    product_width = forms.IntegerField(min_value=1, max_value=MOST_PIXELS)
    product_height = forms.IntegerField(min_value=1, max_value=MOST_PIXELS)
    # As posing.Stance has them, where the product's cutout told.
    pose = forms.ChoiceField(choices=[(pose, pose) for pose in product_pose.POSES], required=False)
    garment = forms.BooleanField(required=False)
    elevation = forms.FloatField(min_value=0, max_value=product_pose.STEEPEST, required=False)
    aspect = forms.ChoiceField(choices=SceneForm.ASPECTS, required=False)
    copy_space = forms.ChoiceField(choices=SceneForm.COPY_SPACES, required=False)
    scene_type = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    prompt = PromptField()
    size_cm = forms.FloatField(required=False, min_value=true_size.SMALLEST, max_value=true_size.LARGEST)
    seed = forms.IntegerField(required=False, min_value=0, max_value=MOST_SEED)
    place = PlaceField(required=False, max_length=80)

    SIDE = 1024
    understood: Understanding | None = None

    def frame(self) -> dict[str, Any]:
        """Return the picture's size, its horizon as a share of the height, and the product's place in it.

        place is where it was put, usual where it stands if nobody moves it.
        """
        asked = self.cleaned_data
        plan = self.plan()
        product = (asked["product_width"], asked["product_height"])
        aspect = asked["aspect"] or (self.understood.aspect if self.understood else "")
        room = asked["copy_space"] or (self.understood.copy_space if self.understood else "")
        picture = framing.picture_size(aspect, self.SIDE, (asked["width"], asked["height"]))
        stance = product_pose.Stance(asked["pose"] or "stand", asked["garment"], asked["elevation"] or 0.0)
        seen: dict[str, Any] = {
            "camera": plan.camera if plan else "eye",
            "pose": product_pose.choose_pose(plan, stance) if plan else stance.pose,
            "elevation": stance.elevation,
            "stand": plan.stand.name if plan and plan.stand else "",
            "copy_space": room,
        }
        usual = framing.frame_product(product, picture, **seen)
        place = tuple(asked["place"]) if asked["place"] else None
        placed = framing.frame_product(product, picture, **seen, place=place)
        return {
            "width": placed.width,
            "height": placed.height,
            "horizon": placed.horizon,
            "place": placed.place,
            "usual": usual.place,
        }

    def plan(self) -> SetPlan | None:
        """Return the set as it is meant so far, None where nothing of it is known."""
        number, prompt = self.cleaned_data["scene_type"], self.cleaned_data["prompt"]
        seed = self.cleaned_data["seed"] or 0
        try:
            if number:
                plan = catalogue.template(number).take(seed)
            else:
                self.understood = understand(prompt) if prompt else None
                if self.understood is None:
                    return None
                plan = self.understood.plan(seed)
        except EngineError:
            return None
        size = self.cleaned_data["size_cm"]
        return plan if size is None else true_size.fit_to_size(plan, size)
