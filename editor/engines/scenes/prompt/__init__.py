"""Words → SetPlan: a person's prompt, in fifteen languages, taken for a set. No network, no model: lexicons.

text → language.tagging (which word means what) → chunking (what goes together) → modifiers (what describes
what) → interpretation (what was said: an intent) → defaults (what fits, where nothing was said) → SetPlan
"""

from .account import Account
from .negative_prompt import Refusals, understand_refusals
from .understanding import LONGEST_PROMPT, Meaning, Understanding, understand

__all__ = [
    "LONGEST_PROMPT",
    "Account",
    "Meaning",
    "Refusals",
    "Understanding",
    "understand",
    "understand_refusals",
]
