"""The dialects of the API: families of endpoints, each in the words of the service that documented it.

One row for each. Addresses, the OpenAPI document and the reference page are made of the rows; how a family
tells of errors is in web/api_errors.py, as those are told where no Django is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, re_path

from web import api_errors
from web.api_errors import Family

from . import remove, tasks
from .reference import operations
from .reference.reference_data import REMOVE, REMOVE_STATUSES, STATUSES, TASKS, Endpoint, Schema
from .requests.forms import FORMS


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One family of endpoints.

    called: what it is called before its statuses, in HTML. urlpatterns: all its addresses. endpoints: its
    kinds of work, in the order of the reference. describe_more: what else the OpenAPI document has of it,
    by path. statuses: what each HTTP status means; a refusal's example, the name of its schema, and that.
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


VISUAL = "^api/tasks/visual"
ENDPOINTS = "|".join(FORMS)

# An address also has a slash at its end, and without a redirect: a POST would lose its body.
DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        family=api_errors.TASKS,
        called="the task endpoints",
        urlpatterns=[
            re_path(rf"{VISUAL}/background/scenes/?$", tasks.scenes, name="scenes"),
            re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/?$", tasks.create, name="create"),
            re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/(?P<task_id>[^/]+)/?$", tasks.query, name="query"),
        ],
        endpoints=TASKS,
        statuses=STATUSES,
        refusal="Refusal",
        refusal_schema=operations.make_object(
            {"status": {"type": "integer"}, "message": {"type": "string"}, "data": {"type": "null"}}
        ),
        refusal_example='{"status": 400, "message": "…", "data": null}',
        describe_more=operations.describe_scenes,
    ),
    Dialect(
        family=api_errors.ONE_CALL,
        called="<code>/v1/remove</code> and <code>/v1/me</code>",
        urlpatterns=[
            re_path(r"^v1/remove/?$", remove.remove, name="remove"),
            re_path(r"^v1/me/?$", remove.me, name="me"),
        ],
        endpoints=(REMOVE,),
        statuses=REMOVE_STATUSES,
        refusal="OneCallRefusal",
        refusal_schema=operations.make_object(
            {name: {"type": "string"} for name in ("code", "message", "details", "request_id")}
        ),
        refusal_example='{"code": "…", "message": "…", "details": "…", "request_id": "…"}',
        meaning="Code and meaning",
        describe_more=operations.describe_account,
    ),
)
