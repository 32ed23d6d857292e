"""Operations and schemas of OpenAPI 3.1, made of an endpoint and its form."""

from collections.abc import Mapping
from typing import Any

from editor.api.requests.call_form import BINARY

from .reference_data import Answer, Endpoint, Schema

PICTURE: Schema = {"type": "string", "format": "binary"}
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")
JSON = "application/json"


def describe_order(endpoint: Endpoint, meanings: Mapping[int, str], refusal: str) -> dict[str, Any]:
    """Return the POST that places an order."""
    shapes = (
        [refer_to("Created"), refer_to(name_schema(endpoint))] if endpoint.waits else [refer_to("Created")]
    )
    content: dict[str, Any] = {JSON: {"schema": {"anyOf": shapes}}}
    return_type = endpoint.form.base_fields.get("return_type")
    if return_type is not None and BINARY in return_type.numbers:  # type: ignore[attr-defined]
        content |= {kind: {"schema": PICTURE} for kind in IMAGE_TYPES[:2]}
    return describe_operation(
        f"create-{endpoint.name}",
        endpoint.title,
        endpoint.about,
        {"200": {"description": "The task was taken, or has ended.", "content": content}},
        meanings,
        refusal,
        body=endpoint,
    )


def describe_query(endpoint: Endpoint, meanings: Mapping[int, str], refusal: str) -> dict[str, Any]:
    """Return the GET of how a task goes."""
    path = {"name": "task_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    statuses = {code: meanings[code] for code in (401, 404, 405, 429, 500)}
    return describe_operation(
        f"query-{endpoint.name}",
        f"{endpoint.title}: how a task goes",
        "HTTP 200 tells that the task was found; its state tells whether it went well.",
        {"200": describe_response("The task as it stands.", refer_to(name_schema(endpoint)))},
        statuses,
        refusal,
        parameters=[path],
    )


def describe_call(endpoint: Endpoint, meanings: Mapping[int, str], refusal: str) -> dict[str, Any]:
    """Return the POST whose answer is the picture itself."""
    headers = {name: {"schema": {"type": "string"}} for name in endpoint.headers}
    content = {kind: {"schema": schema} for kind, schema in endpoint.kinds.items()}
    content |= {kind: {"schema": PICTURE} for kind in IMAGE_TYPES}
    done = {"200": {"description": "The picture.", "headers": headers, "content": content}}
    return describe_operation(
        endpoint.name,
        endpoint.title,
        endpoint.about,
        done,
        meanings,
        refusal,
        body=endpoint,
    )


def describe_operation(
    name: str,
    summary: str,
    about: str,
    answers: dict[str, Any],
    statuses: Mapping[int, str],
    refusal: str,
    *,
    parameters: list[Schema] | None = None,
    body: Endpoint | None = None,
) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": name, "summary": summary, "description": about}
    made["responses"] = answers | {
        str(code): describe_response(sentence, refer_to(refusal)) for code, sentence in statuses.items()
    }
    made["parameters"] = list(parameters or [])
    if body is not None:
        idempotency = {"type": "string", "maxLength": 255, "pattern": "^[!-~]*$"}
        made["parameters"].append({"name": "Idempotency-Key", "in": "header", "schema": idempotency})
        made["requestBody"] = {"required": True, "content": describe_body(body)}
    return made


def describe_body(endpoint: Endpoint) -> dict[str, Any]:
    """A form of both kinds, and JSON where the document has it; files travel in one of them alone."""
    fields = {one.name: {**one.schema, "description": one.about} for one in endpoint.parameters}
    whole: Schema = {"type": "object", "properties": fields}
    text = {name: schema for name, schema in fields.items() if schema.get("format") != "binary"}
    written: Schema = {"type": "object", "properties": text}
    kinds = {"multipart/form-data": whole, "application/x-www-form-urlencoded": written}
    if endpoint.takes_json:
        kinds[JSON] = written
    return {kind: {"schema": schema} for kind, schema in kinds.items()}


def describe_data(fields: tuple[Answer, ...]) -> Schema:
    schema = make_object({one.name: {**one.schema, "description": one.about} for one in fields})
    return schema | {"required": [one.name for one in fields if not one.done]}


def describe_answer(inner: Schema) -> Schema:
    return make_object(
        {"status": {"type": "integer", "const": 200}, "message": {"type": "string"}, "data": inner}
    )


def make_object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def describe_response(sentence: str, schema: Schema) -> dict[str, Any]:
    return {"description": sentence, "content": {JSON: {"schema": schema}}}


def refer_to(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def name_schema(endpoint: Endpoint) -> str:
    return "".join(word.capitalize() for word in endpoint.name.split("-")) + "Task"
