"""The OpenAPI 3.1 document, made from what the handlers declare and from the structures that validate requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import UnionType
from typing import Any, get_args

import msgspec

from .._version import __version__
from .base import SchedHandler
from .operation import Operation

REF = "#/components/schemas/{name}"
METHODS = ("get", "post", "put", "patch", "delete")
DESCRIPTIONS = {
    200: "done",
    201: "made",
    202: "accepted",
    204: "done, no content",
    206: "the part that was asked for",
    400: "the body is not a JSON object",
    403: "not allowed",
    404: "no such thing",
    409: "changed meanwhile, or in the wrong state",
    413: "too large",
    422: "understood but invalid, every invalid field listed",
    503: "the store cannot be used now",
}


class ErrorField(msgspec.Struct):
    field: str
    message: str


class Error(msgspec.Struct):
    """The one format of all errors."""

    message: str
    reason: str
    errors: list[ErrorField]


def document(routes: Sequence[tuple[str, type[SchedHandler]]]) -> dict[str, Any]:
    """All operations of the routes; those that declare none (the catch-all) are left out."""
    operations = [
        (_template(pattern), name, getattr(handler, name).operation)
        for pattern, handler in routes
        for name in METHODS
        if hasattr(getattr(handler, name), "operation")
    ]
    schemas, components = _schemas([operation for _, _, operation in operations])
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation in operations:
        paths.setdefault(path, {})[method] = _operation(path, operation, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Notebook Sched", "version": __version__},
        "paths": paths,
        "components": {"schemas": components},
    }


def _schemas(operations: Sequence[Operation]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """The schema of each type that an operation names, and the components that they refer to."""
    types: list[Any] = [Error]
    for operation in operations:
        answered = [kind for answer in operation.answers.values() for kind in _kinds(answer)]
        asked = (operation.body, operation.query, *answered)
        types += [kind for kind in asked if kind not in (None, bytes) and kind not in types]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    for name in {"PatchJob"} & components.keys():
        # A patch takes any subset: absent fields stay as they are, so defaults would mislead.
        for field in components[name]["properties"].values():
            field.pop("default", None)
    return dict(zip(types, schemas, strict=True)), components


def _operation(path: str, operation: Operation, schemas: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    statuses = {*operation.errors, 403, 422, 503} | ({400, 413} if operation.body else set())
    told: dict[str, Any] = {
        "summary": operation.summary,
        "x-right": operation.right,
        "parameters": [*_in_path(path), *_in_query(operation, components)],
        "responses": {str(status): _answer(status, kind, schemas) for status, kind in operation.answers.items()}
        | {str(status): _error(status, schemas) for status in sorted(statuses)},
    }
    if operation.body is not None:
        told["requestBody"] = {"content": {"application/json": {"schema": schemas[operation.body]}}}
    return told


def _in_path(path: str) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _in_query(operation: Operation, components: dict[str, Any]) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = components[operation.query.__name__]
    required = set(schema.get("required", []))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ] + list(operation.more_query)


def _answer(status: int, kind: Any, schemas: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": DESCRIPTIONS[status]}
    if kind is bytes:
        described["content"] = {"application/x-ipynb+json": {}, "text/html": {}, "application/octet-stream": {}}
    elif kind is not None:
        told = [schemas[each] for each in _kinds(kind)]
        described["content"] = {"application/json": {"schema": told[0] if len(told) == 1 else {"anyOf": told}}}
    return described


def _kinds(answer: Any) -> tuple[Any, ...]:
    """What an operation answers, each kind by itself: a union of structures is none for msgspec."""
    return get_args(answer) if isinstance(answer, UnionType) else (answer,)


def _error(status: int, schemas: dict[Any, Any]) -> dict[str, Any]:
    return {"description": DESCRIPTIONS[status], "content": {"application/json": {"schema": schemas[Error]}}}


def _template(pattern: str) -> str:
    """A route's pattern as an OpenAPI path: groups become ``{id}`` or ``{path}``."""
    text = pattern.replace(r"\.", ".").replace("/?", "/").replace("([^/]+)", "{id}").replace("(.*)", "{path}")
    return "/" + text
