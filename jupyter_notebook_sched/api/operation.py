"""One decorator on every handler method: who may call it, what it takes, what it answers. The OpenAPI document is made
of what it declares, so that the two cannot differ."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado import web

Right = Literal["read", "write", "execute"]


@dataclass(frozen=True)
class Operation:
    """What a method declares. ``answers``: status → body (None: no body; bytes: not JSON). ``more_query``: what a query
    may hold beside the form's fields, as OpenAPI describes parameters."""

    right: Right
    summary: str
    body: type[msgspec.Struct] | None = None
    open_body: bool = False
    query: type[msgspec.Struct] | None = None
    answers: dict[int, Any] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    more_query: tuple[dict[str, Any], ...] = ()


Check = Callable[[Any, Any], object]


def operation(
    right: Right,
    *,
    body: type[msgspec.Struct] | None = None,
    open_body: bool = False,
    query: type[msgspec.Struct] | None = None,
    answers: dict[int, Any],
    errors: tuple[int, ...] = (),
    check: Check | None = None,
    more_query: tuple[dict[str, Any], ...] = (),
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Authenticates, authorises (resource ``notebook-sched``), and hands the parsed form to the method.

    ``open_body``: the method gets the object as it was sent (a patch), ``body`` only describes it. ``check``: a use
    case that refuses what a form alone cannot know; where fields are wrong by themselves, it is asked about the others.
    """

    def decorate(method: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        @functools.wraps(method)
        async def parsed(handler: Any, *path: str) -> None:
            forms = []
            if query is not None:
                forms.append(handler.query_form(query))
            if body is not None:
                sent = handler.sent_object()
                forms.append(sent if open_body else await handler.form(body, sent, check))
            await method(handler, *path, *forms)

        summary = (method.__doc__ or "").strip().split("\n")[0]
        guarded: Any = web.authenticated(authorized(right, resource="notebook-sched")(parsed))
        guarded.operation = Operation(right, summary, body, open_body, query, answers, errors, more_query)
        return guarded  # type: ignore[no-any-return]

    return decorate
