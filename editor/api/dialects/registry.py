"""Which dialects there are: every folder beside this module is one.

A folder has errors.py with its FAMILY, how its addresses begin and how an error is told there, and dialect.py
with its DIALECT, the row of which addresses, the OpenAPI document and the reference page are made.
"""

import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from django.urls import URLPattern

from editor.api.reference import operations
from editor.api.reference.reference_data import Endpoint, Schema
from editor.api.requests.call_form import CallForm
from web import api_errors
from web.api_errors import Family

FOLDER = "editor.api.dialects"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One family of endpoints.

    called: what it is called before its statuses, in HTML. urlpatterns: all its addresses. endpoints: its
    kinds of work, in the order of the reference. describe_more: what else the OpenAPI document has of it,
    by path. statuses: what each HTTP status means; a refusal's example, the name of its schema, and that.
    elsewhere: names of its document that other addresses do without, each with the values that ask there for
    what is done anyway. place: a number by which the reference is ordered.
    """

    family: Family
    called: str
    urlpatterns: list[URLPattern]
    endpoints: tuple[Endpoint, ...]
    statuses: Mapping[int, str]
    refusal: str
    refusal_schema: Schema
    refusal_example: str
    meaning: str = "Meaning"
    describe_more: Callable[[], Mapping[str, Any]] = field(default=dict)
    elsewhere: Mapping[str, Collection[str]] = field(default_factory=dict)
    place: int = 100

    def describe_paths(self) -> dict[str, Any]:
        """Return the OpenAPI document's paths, each with what is done there."""
        paths: dict[str, Any] = {}
        for endpoint in self.endpoints:
            if endpoint.is_picture:
                post = operations.describe_call(endpoint, self.statuses, self.refusal)
                paths[endpoint.path] = {"post": post}
                continue
            order = operations.describe_order(endpoint, self.statuses, self.refusal)
            paths[endpoint.path] = {"post": order}
            query = operations.describe_query(endpoint, self.statuses, self.refusal)
            paths[f"{endpoint.path}/{{task_id}}"] = {"get": query}
        return {**paths, **self.describe_more()}

    def describe_schemas(self) -> dict[str, Schema]:
        """Return the OpenAPI document's schemas of the answers about tasks."""
        return {
            operations.name_schema(endpoint): operations.describe_answer(
                operations.describe_data(endpoint.answers)
            )
            for endpoint in self.endpoints
            if not endpoint.is_picture
        }


def list_names() -> list[str]:
    """Return the dialects' folders."""
    return [one.name for one in pkgutil.iter_modules(import_module(FOLDER).__path__) if one.ispkg]


@cache
def list_dialects() -> tuple[Dialect, ...]:
    """Return all rows, in the order of the reference."""
    rows = [import_module(f"{FOLDER}.{name}.dialect").DIALECT for name in list_names()]
    return tuple(sorted(rows, key=lambda row: row.place))


def list_endpoints() -> list[Endpoint]:
    """Return the kinds of work of all dialects."""
    return [endpoint for dialect in list_dialects() for endpoint in dialect.endpoints]


def register_families() -> None:
    """Have all that answers before Django does, or for it, know the dialects' words."""
    for name in list_names():
        api_errors.register(import_module(f"{FOLDER}.{name}.errors").FAMILY)


@cache
def list_forms() -> Mapping[str, type[CallForm]]:
    """Return the forms of all calls, by address without a slash at its end."""
    return {endpoint.path: endpoint.form for endpoint in list_endpoints()}
