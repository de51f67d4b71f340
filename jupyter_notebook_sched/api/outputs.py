"""``notebook-sched/runs/{id}/output`` and ``notebook-sched/jobs/{id}/output``: outputs for whoever has the link and may
log in."""

from __future__ import annotations

from base64 import b64encode

from jupyter_server.base.handlers import AuthenticatedHandler

from ..service import outputs
from ..service.forms import JobOutputQuery, OutputQuery
from .operation import operation
from .streaming import CONFINED, StreamingHandler

NOTEBOOK = "application/x-ipynb+json"
PAGE = "text/html; charset=UTF-8"


class Output(StreamingHandler):
    """A page is opened by following a link: who has not logged in yet does so first."""

    async def answer_output(self, run_id: str, attempt: int | None, as_page: bool, hide_code: bool) -> None:
        if as_page:
            request = await self.call(outputs.page, run_id, attempt, hide_code)
            await self.send(await self.apart("html", request), PAGE)
            return
        if hide_code:
            asked = await self.call(outputs.folded, run_id, attempt)
            made = await self.apart("folded", asked)
            self.set_attachment_header(asked["path"].rpartition("/")[2])
            await self.send(made, NOTEBOOK)
            return
        found = await self.call(outputs.opened, run_id, attempt)
        self.set_attachment_header(found.path.rpartition("/")[2])
        if found.sha256 is not None:
            # What the bytes must be (RFC 9530): whoever saves them can see that nobody has changed them.
            digest = b64encode(bytes.fromhex(found.sha256)).decode()
            self.set_header("Repr-Digest", f"sha-256=:{digest}:")
        await self.send(found.file, NOTEBOOK)

    @property
    def content_security_policy(self) -> str:
        return CONFINED

    def get_login_url(self) -> str:
        """Jupyter's own handlers for programs would answer 403 to a person."""
        if self._is_page:
            return str(AuthenticatedHandler.get_login_url(self))
        return str(super().get_login_url())

    def refuse_nobody(self) -> None:
        if not self._is_page:
            super().refuse_nobody()

    @property
    def _is_page(self) -> bool:
        return self.request.method == "GET" and self.get_query_argument("format", "") == "html"


class RunOutput(Output):
    @operation("read", query=OutputQuery, answers={200: bytes}, errors=(404, 409))
    async def get(self, run_id: str, query: OutputQuery) -> None:
        """The output notebook, or a page of it."""
        await self.answer_output(run_id, query.attempt, query.format == "html", query.hide_code == "1")


class JobOutput(Output):
    @operation("read", query=JobOutputQuery, answers={200: bytes}, errors=(404, 409))
    async def get(self, job_id: str, query: JobOutputQuery) -> None:
        """The output of the job's last run that succeeded, or a page of it: a link that stays."""
        run_id = await self.call(outputs.last_success, job_id)
        await self.answer_output(run_id, None, query.format == "html", query.hide_code == "1")
