"""Scenes out of doors and at home: wood, kitchen, bathroom, beach, meadow, forest, snow."""

from __future__ import annotations

from .template import Template

TEMPLATES: tuple[Template, ...] = ()
