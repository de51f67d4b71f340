"""``notebook-sched/runs/{id}/diff``, and the way in which every comparison is answered."""

from __future__ import annotations

import msgspec

from ..notebook.comparing.asking import AskedComparison, ComparisonAnswer
from ..service import comparing
from ..service.forms import DiffQuery
from .operation import operation
from .streaming import CONFINED, StreamingHandler


class ComparingHandler(StreamingHandler):
    """Answers comparisons: JSON, or a page that may do nothing but be read."""

    _confined = False

    async def answer_comparison(self, asked: AskedComparison) -> None:
        """Apart where it is large or a page."""
        if not comparing.is_large(asked):
            self.answer_encoded(await self.call(comparing.answer, asked))
            return
        answer = await self.apart("diff", msgspec.to_builtins(asked))
        self._confined = asked.format == "html"
        if self._confined:
            self.set_header("Content-Security-Policy", CONFINED)
        await self.send(answer, "text/html; charset=utf-8" if self._confined else "application/json")

    @property
    def content_security_policy(self) -> str:
        return CONFINED if self._confined else super().content_security_policy


class DiffOfRun(ComparingHandler):
    @operation("read", query=DiffQuery, answers={200: ComparisonAnswer}, errors=(404, 409))
    async def get(self, run_id: str, query: DiffQuery) -> None:
        """A run compared with another, with the last success, or with its source."""
        await self.answer_comparison(await self.call(comparing.of_run, run_id, query))
