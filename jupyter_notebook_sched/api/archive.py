"""``notebook-sched/archive``: the archive as a read-only drive."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from ..service import archive_contents
from ..service.archive_contents import Large
from ..service.forms import ContentsQuery
from .base import SchedHandler
from .operation import operation
from .streaming import CONFINED, StreamingHandler, size_of

NOTEBOOK = "application/x-ipynb+json"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class ArchiveContents(StreamingHandler):
    @operation("read", query=ContentsQuery, answers={200: dict[str, Any]}, errors=(404,))
    async def get(self, path: str, query: ContentsQuery) -> None:
        """A contents model of the archive, never writable."""
        found = await self.call(archive_contents.model, path, query)
        if isinstance(found, Large):
            await self.send(await self.apart("contents", found.request), "application/json")
        else:
            self.answer_encoded(found)


class ArchiveCheckpoints(SchedHandler):
    @operation("read", answers={200: list[str]})
    async def get(self, _path: str) -> None:
        """Always empty: what is archived never changes."""
        self.answer([])


class ArchiveFiles(StreamingHandler):
    @operation("read", answers={200: bytes, 206: bytes}, errors=(404,))
    async def get(self, path: str) -> None:
        """The bytes of an archived file, confined: nothing in it may act on this server."""
        file = await self.call(archive_contents.opened_file, path)
        notebook = path.endswith(".ipynb")
        kind = NOTEBOOK if notebook else mimetypes.guess_type(path)[0] or "application/octet-stream"
        if notebook:
            self.set_attachment_header(path.rpartition("/")[2])
        self.set_header("Accept-Ranges", "bytes")
        size = size_of(file)
        part = _part_asked(self.request.headers, size)
        if part is None:
            await self.send(file, kind, size)
            return
        start, end = part
        file.seek(start)
        self.set_status(206)
        self.set_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        await self.send(file, kind, end - start)

    @property
    def content_security_policy(self) -> str:
        return CONFINED


def _part_asked(headers: Any, size: int) -> tuple[int, int] | None:
    """The one part of the file that is asked for, from its first byte to before its last; None for all of it. What
    cannot be given is passed over, as RFC 9110, 14.2, allows."""
    asked = _RANGE.fullmatch(headers.get("Range", ""))
    if asked is None or "If-Range" in headers:
        return None
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        return None
    return (start, end) if start < end else None
