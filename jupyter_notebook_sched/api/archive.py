"""``notebook-sched/archive``: the archive as a read-only drive."""

from __future__ import annotations

import mimetypes
from typing import Any

import msgspec

from ..service import archive_contents
from ..service.context import Context
from ..service.forms import ContentsQuery
from .base import SchedHandler
from .operation import operation

CONFINED = (
    "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; font-src data:"
)


class ArchiveContents(SchedHandler):
    @operation("read", query=ContentsQuery, answers={200: dict[str, Any]}, errors=(404,))
    async def get(self, path: str, query: ContentsQuery) -> None:
        """A contents model of the archive, never writable."""
        self.answer_encoded(await self.call(_encoded_model, path, query.content == "1"))


class ArchiveCheckpoints(SchedHandler):
    @operation("read", answers={200: list[str]})
    async def get(self, _path: str) -> None:
        """Always empty: what is archived never changes."""
        self.answer([])


class ArchiveFiles(SchedHandler):
    @operation("read", answers={200: bytes}, errors=(404,))
    async def get(self, path: str) -> None:
        """The bytes of an archived file, confined: nothing in it may act on this server."""
        content = await self.call(archive_contents.file_bytes, path)
        notebook = path.endswith(".ipynb")
        kind = "application/x-ipynb+json" if notebook else mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.set_header("X-Content-Type-Options", "nosniff")
        if notebook:
            self.set_attachment_header(path.rpartition("/")[2])
        self.finish(content, set_content_type=kind)

    @property
    def content_security_policy(self) -> str:
        return CONFINED


def _encoded_model(context: Context, path: str, content: bool) -> bytes:
    return msgspec.json.encode(archive_contents.model(context, path, content))
