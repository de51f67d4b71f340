"""The extension's addresses, whose handlers are imported when one of them is asked for first: a server that starts does
not wait for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import PathMatches, Rule, RuleRouter
from tornado.web import Application, RequestHandler

Route = tuple[str, type[RequestHandler]]


class Arriving(RuleRouter):
    """``routes``: called once, at the first request; patterns below ``base_url``."""

    def __init__(
        self, application: Application, base_url: str, routes: Callable[[], Sequence[Route]], **arguments: Any
    ) -> None:
        super().__init__()
        self._application = application
        self._base_url = base_url
        self._routes = routes
        self._arguments = arguments

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:
        if not self.rules:
            self.add_rules([self._rule(pattern, handler) for pattern, handler in self._routes()])
        return super().find_handler(request, **kwargs)

    def get_target_delegate(
        self, target: Any, request: HTTPServerRequest, **target_params: Any
    ) -> HTTPMessageDelegate | None:
        return self._application.get_handler_delegate(request, target, **target_params)

    def _rule(self, pattern: str, handler: type[RequestHandler]) -> Rule:
        return Rule(PathMatches(f"{self._base_url.rstrip('/')}/{pattern}"), handler, self._arguments)
