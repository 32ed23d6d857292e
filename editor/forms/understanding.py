"""The form behind the prompt's reading: what words are taken for, before anything is paid for."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from editor.engines.errors import PromptNotUnderstood
from editor.engines.scenes import prompt, true_size
from editor.engines.scenes.templates import catalogue
from web.language.choice import ENGLISH
from web.language.sentences import tell

from .scene import MOST_SEED, PromptField, SceneForm


class UnderstandingForm(forms.Form):
    """The words of a scene as far as they are typed; what is too long is read up to its limit."""

    by = forms.ChoiceField(choices=SceneForm.WAYS, required=False)
    scene_type = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    seed = forms.IntegerField(required=False, min_value=0, max_value=MOST_SEED)
    size_cm = forms.FloatField(required=False, min_value=true_size.SMALLEST, max_value=true_size.LARGEST)
    prompt = PromptField(strip_to_limit=True)
    negative_prompt = PromptField(strip_to_limit=True)

    def describe(self) -> dict[str, Any]:
        """Return what a template tells of them: understood, or the sentence why nothing was; or refused,
        and with a scene that was picked what of it is taken out."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("by") == "scene":
            return self.describe_scene(asked.get("scene_type"), asked["negative_prompt"])
        if not asked["prompt"]:
            return {"hint": True}
        try:
            understood = prompt.understand(asked["prompt"], asked["negative_prompt"])
        except PromptNotUnderstood as exc:
            return {"sentence": tell(exc)}
        # With the seed that the order will have this is the very set that will be built.
        plan = understood.plan(asked.get("seed") or 0)
        if (size := asked.get("size_cm")) is not None:
            plan = true_size.fit_to_size(plan, size)
        account = understood.account(plan, own_words=get_language() != ENGLISH)
        return {"understood": understood, "account": account}

    def describe_scene(self, number: int | None, negative: str) -> dict[str, Any]:
        if not negative:
            return {}
        refused = prompt.understand_refusals(negative)
        template = catalogue.TEMPLATES.get(number) if number else None
        if template is None:
            return {"refused": refused}
        # Each take has one value of every choice: so many takes have them all.
        most = 1 + max((len(values) for values in template.choices.values()), default=0)
        plans = [template.take(0, take) for take in range(1, most + 1)]
        gone = dict.fromkeys(name for plan in plans for name in refused.list_refused(plan))
        return {"refused": refused, "scene": tell(template.name), "gone": list(gone)}
