"""A person's words, in eight languages, taken for a set of our vocabulary. No network, no model: lexicons.

text → tagging (which word means what, in which language) → phrases (what belongs to what)
     → wishes (what was said) → taste (what fits, where nothing was said) → SetPlan
"""

from .negative_prompt import Refusals, refusals
from .understanding import LONGEST_PROMPT, Meaning, Understanding, understand

__all__ = ["LONGEST_PROMPT", "Meaning", "Refusals", "Understanding", "refusals", "understand"]
