"""The description of the officers' door for programs: OpenAPI 3.1, made from the same structs that read and answer."""

from collections.abc import Sequence
from typing import Any

import msgspec

from comity import __version__
from comity.domain.errors import Invalid, NotPermitted, Refusal, TooLarge, Unauthenticated, Unavailable
from comity.domain.event import Event
from comity.domain.problem import Problem
from comity.web.officer.events import CONTENT_TYPE as EVENT_STREAM
from comity.web.officer.events import LAST_EVENT
from comity.web.officer.files import WHATEVER as FILE_BYTES
from comity.web.officer.files import FileRoute
from comity.web.officer.route import Route
from comity.web.refusals import CONTENT_TYPE, WrongContentType, status_of

ABOUT = """\
Look records up at every source that the law lets you ask, and have hits confirmed.

Whatever is not known is refused: an unknown field, a wrong code, a query after the path. Every refusal is a problem
document (RFC 9457) that says what is wrong (`detail`), where (`where`), what to do (`do`), and which legal clauses
decided (`clauses`). "No record" never means that a person or thing is clear."""

BEHALF = {
    "name": "comity-on-behalf-of",
    "in": "header",
    "description": "The officer for whom a system asks.",
    "schema": {"type": "string", "maxLength": 64},
}
ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a hit, a record, a link, a batch, a case, a message and so on, as answers give it.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"},
}
LAST_EVENT_FIELD = {
    "name": LAST_EVENT,
    "in": "header",
    "description": "The id of the last event that was heard: the stream goes on after it.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}
EVERYWHERE: tuple[type[Refusal], ...] = (Invalid, Unauthenticated, Unavailable)
WITH_BODY: tuple[type[Refusal], ...] = (TooLarge, WrongContentType)
FAULT = 500


def description(routes: Sequence[Route[Any]], events: str = "", files: Sequence[FileRoute] = ()) -> dict[str, Any]:
    """The whole document, as JSON values. `events`: where arrivals are told as they come; `files`: where bytes go."""
    named = list({kind: None for route in routes for kind in (route.body, route.answer) if kind})
    named += [Event] if events else []
    refs, schemas = msgspec.json.schema_components([*named, Problem], ref_template="#/components/schemas/{name}")
    ref_of = dict(zip([*named, Problem], refs, strict=True))
    paths: dict[str, Any] = {"/openapi.json": {"get": _itself()}}
    if events:
        paths[events] = {"get": _events(ref_of)}
    for route in routes:
        paths.setdefault(route.template, {})[route.method.lower()] = _operation(route, ref_of)
    for file in files:
        paths.setdefault(file.template, {})[file.method.lower()] = _file(file, ref_of[Problem])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comity: the officers' door of a bureau",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that your bureau's administrator issued.",
                }
            },
        },
    }


def _operation(route: Route[Any], ref_of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}{route.template.replace('/', '-').replace('{id}', 'one')}",
        "summary": route.does,
        "parameters": [ID, BEHALF] if "{id}" in route.template else [BEHALF],
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": ref_of[route.answer]}}},
            **_problems(route, ref_of[Problem]),
        },
    }
    if route.body is not None:
        content = {"schema": ref_of[route.body], "example": route.example}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _file(route: FileRoute, problem: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": name, "in": "header", "schema": {"type": "string"}} for name in route.fields]
    content = {FILE_BYTES: {"schema": {"type": "string", "format": "binary"}}}
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}{route.template.replace('/', '-').replace('{id}', 'one')}",
        "summary": route.does,
        "parameters": [ID, BEHALF, *fields],
        "responses": {
            **{
                str(status): {"description": "Done.", **({"content": content} if route.method == "GET" else {})}
                for status in route.done
            },
            **_refused((*EVERYWHERE, *route.refusals), problem),
        },
    }
    if route.takes:
        operation["requestBody"] = {"required": True, "content": {route.takes: content[FILE_BYTES]}}
    return operation


def _events(ref_of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    refusals = sorted(status_of(kind) for kind in (*EVERYWHERE, NotPermitted))
    return {
        "operationId": "get-v1-events",
        "summary": "Hear what arrives, as server-sent events; `data` of each is an Event",
        "parameters": [BEHALF, LAST_EVENT_FIELD],
        "responses": {
            "200": {"description": "A stream.", "content": {EVENT_STREAM: {"schema": ref_of[Event]}}},
            **{
                str(status): {"description": title, "content": {CONTENT_TYPE: {"schema": ref_of[Problem]}}}
                for status, title in refusals
            },
        },
    }


def _problems(route: Route[Any], schema: dict[str, Any]) -> dict[str, Any]:
    return _refused((*EVERYWHERE, *route.refusals, *(WITH_BODY if route.body else ())), schema)


def _refused(kinds: Sequence[type[Refusal]], schema: dict[str, Any]) -> dict[str, Any]:
    told = dict(sorted(status_of(kind) for kind in kinds)) | {FAULT: "A fault of this node."}
    return {
        str(status): {"description": title, "content": {CONTENT_TYPE: {"schema": schema}}}
        for status, title in told.items()
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "get-openapi",
        "summary": "This description",
        "security": [],
        "responses": {
            "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    }
