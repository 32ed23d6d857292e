"""Templates whose bare numbers are for machines, whatever the reader's language.

A value of a field, a style or a drawing reads 12.5 everywhere; a browser would take "12,5" for nothing. What
people read goes through a filter that says so: floatformat, intcomma, filesizeformat, weight.
"""

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist, backends
from django.template.backends.django import DjangoTemplates, reraise
from django.template.context import make_context
from django.utils.safestring import SafeString


class Page(backends.django.Template):
    """A template that leaves numbers as they are."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        made.use_l10n = False
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as missing:
            reraise(missing, self.backend)
            raise


class Pages(DjangoTemplates):
    """Django's templates, as pages."""

    def from_string(self, template_code: str) -> Page:
        return Page(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Page:
        return Page(super().get_template(template_name).template, self)
