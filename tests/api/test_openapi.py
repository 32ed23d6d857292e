"""The OpenAPI document tells the truth: whatever is sent, the answer is one that it names."""

import json
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import schemathesis
from asgiref.sync import sync_to_async
from django.core.wsgi import get_wsgi_application
from django.test import Client
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from editor.api import long_poll
from editor.api.dialects import registry
from editor.api.reference.openapi import build_document
from editor.models import Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_the_reference_names_every_parameter_and_the_reader_s_own_address(client: Client) -> None:
    answer = client.get("/api/", headers={"Host": "localhost:8123"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "http://localhost:8123/api/tasks/visual/segmentation" in page
    assert "127.0.0.1" not in page
    for endpoint in registry.list_endpoints():
        for name in endpoint.form.base_fields:
            assert f"<code>{name}</code>" in page


OPERATIONS = [
    (method, path) for path, operations in build_document()["paths"].items() for method in operations
]


def test_the_document_lists_what_there_is_with_every_parameter_of_the_forms(client: Client) -> None:
    told = client.get("/api/openapi.json").json()
    assert told == json.loads(json.dumps(build_document()))
    assert told["openapi"] == "3.1.0"
    assert len(told["paths"]) == 20
    for endpoint in registry.list_endpoints():
        body = told["paths"][endpoint.path]["post"]["requestBody"]
        properties = body["content"]["multipart/form-data"]["schema"]["properties"]
        assert properties.keys() == endpoint.form.base_fields.keys()
        assert all(one["description"] for one in properties.values())


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_call_is_answered_outside_of_the_document(
    method: str, path: str, alice_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def settled(task_id: UUID) -> bool:
        """A worker that finds nothing in any picture."""
        rows = Task.objects.filter(pk=task_id)
        return await sync_to_async(settlement.end)(rows, State.NOTHING_FOUND)

    monkeypatch.setattr(long_poll, "wait_until_settled", settled)
    task = alice_program.ordered(image_url="https://pictures.example/lamp.jpg")
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    operation = schema[path][method]
    headers = {"X-API-KEY": alice_program.secret}
    called = []

    @hypothesis.settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(
        case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) | operation.as_strategy()
    )
    def call(case: Any) -> None:
        called.append(case)
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
    assert called
    assert Task.objects.filter(pk=task.pk).exists()
