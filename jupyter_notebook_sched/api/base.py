"""What all handlers share: forms in, answers and errors out, service calls in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web

from ..domain.fields import fields_of
from ..errors import Invalid, NotAnObject, NotFound, SchedError, TooLarge, Unavailable
from ..service.context import Context
from ..service.validating import form_of, told_with_the_rest, with_stand_ins
from .json_limits import beyond_limits

MAX_BODY = 1024 * 1024
Answer = TypeVar("Answer")
Form = TypeVar("Form", bound=msgspec.Struct)
REASONS = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class SchedHandler(ExtensionHandlerMixin, APIHandler):
    """Handlers raise errors of the tree in ``errors``; this class writes them, once for all."""

    auth_resource = "notebook-sched"

    @property
    def context(self) -> Context:
        return self.settings["notebook_sched_context"]  # type: ignore[no-any-return]

    @property
    def threads(self) -> Executor:
        return self.settings["notebook_sched_threads"]  # type: ignore[no-any-return]

    async def prepare(self) -> None:  # type: ignore[override]
        """Nobody without a name learns even which methods there are; a browser asks OPTIONS before it may send one."""
        await super().prepare()
        if self.request.method != "OPTIONS" and self.current_user is None:
            self.refuse_nobody()

    def refuse_nobody(self) -> None:
        """What is answered to those who have no name."""
        raise web.HTTPError(403)

    async def call(self, use_case: Callable[..., Answer], *arguments: Any) -> Answer:
        """A use case of the service, in a thread: it may block on the disk. Unavailable where that is in trouble."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.threads, lambda: use_case(self.context, *arguments))
        except OSError as error:
            if (told := Unavailable.of_disk(error)) is None:
                raise
            raise told from error

    async def form(
        self, kind: type[Form], sent: dict[str, Any], check: Callable[[Context, Form], object] | None = None
    ) -> Form:
        """The body as a form. Invalid names every field that is wrong, also those that only ``check`` knows."""
        try:
            return form_of(kind, sent)
        except Invalid as error:
            if check is None:
                raise
            found = error
        raise await self.call(
            lambda context: told_with_the_rest(
                found, kind, sent, lambda sound: check(context, with_stand_ins(kind, sound))
            )
        )

    def sent_object(self) -> dict[str, Any]:
        """The JSON object in the body; an empty body is an empty object."""
        if len(self.request.body) > MAX_BODY:
            raise TooLarge(f"a request body has at most {MAX_BODY} bytes")
        if not self.request.body.strip():
            return {}
        try:
            sent = msgspec.json.decode(self.request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            limited = isinstance(error, msgspec.ValidationError | RecursionError)
            if limited and (errors := beyond_limits(self.request.body.decode("utf-8", "replace"))):
                raise Invalid.fields(errors) from None
            raise NotAnObject(f"the body is not JSON: {error}") from None
        if not isinstance(sent, dict):
            raise NotAnObject("the body must be a JSON object", "not_an_object")
        return sent

    def query_form(self, kind: type[Form]) -> Form:
        """The query string as a form; a list where the form has one, else the last value given."""
        lists = {field.encode_name for field in fields_of(kind) if isinstance(field.default_factory, type)}
        sent: dict[str, Any] = {}
        for name in self.request.query_arguments:
            # JupyterLab's requests carry a bare time in milliseconds against caches.
            if name == "token" or name.startswith("parameter.") or name.isdigit():
                continue
            values = self.get_query_arguments(name, strip=False)
            sent[name] = values if name in lists else values[-1]
        return form_of(kind, sent, lenient=True)

    def answer(self, body: Any, status: int = 200) -> None:
        self.answer_encoded(msgspec.json.encode(body), status)

    def answer_encoded(self, body: bytes, status: int = 200) -> None:
        """JSON that a thread has encoded already: large answers must not hold up the others."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(body)

    def write_error(self, status_code: int, **facts: Any) -> None:
        """Every error in the contract's format."""
        error = facts["exc_info"][1] if "exc_info" in facts else None
        if not isinstance(error, SchedError):
            error = self._from_tornado(status_code, error)
        self.set_status(error.status if error.status != SchedError.status else status_code)
        body = {"message": error.message, "reason": error.reason, "errors": error.errors}
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(body))

    def log_exception(self, kind: Any, error: Any, traceback: Any) -> None:
        """What a person can mend is no fault of the server's: only the rest goes to its log with a traceback."""
        if isinstance(error, Unavailable):
            self.log.warning("%s", error)
        if isinstance(error, SchedError) and error.status != SchedError.status:
            return
        super().log_exception(kind, error, traceback)

    def _from_tornado(self, status: int, error: Any) -> SchedError:
        if isinstance(error, web.MissingArgumentError):
            return Invalid(f"{error.arg_name}: is required")
        text = error.log_message if isinstance(error, web.HTTPError) and error.log_message else None
        message = {
            403: "you are not allowed to do this",
            404: "there is no such thing",
            405: f"{self.request.method} is not possible here",
        }.get(status, text or "a fault of the server; its log says more")
        return SchedError(message, REASONS.get(status, "internal"))


class UnknownRoute(SchedHandler):
    """Any other address below ``notebook-sched/``: still guarded, still in the contract's format."""

    @web.authenticated
    @authorized("read")  # type: ignore[untyped-decorator]
    async def get(self, _path: str) -> None:
        raise NotFound("there is no such address in this API")

    post = put = patch = delete = head = get
