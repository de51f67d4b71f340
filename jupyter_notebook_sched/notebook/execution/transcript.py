"""What a kernel publishes, written into the cells that caused it, by nbclient's rules (``NotebookClient``): streams,
results, displays and their updates, errors, ``clear_output``, and the state of widgets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .masking import OPEN, Masking
from .outputs import Output, bundle_of, count_of, object_of, output_of, text_of, traceback_of
from .streams import Stream
from .widgets import Widgets
from .wire import Message

TIMES = {"execute_input": "iopub.execute_input", "busy": "iopub.status.busy", "idle": "iopub.status.idle"}


class Page:
    """The outputs of one cell. ``chunks``: the text of its last stream that is not in its output yet."""

    def __init__(self, index: int, cell: dict[str, Any], masking: Masking) -> None:
        self.index = index
        self._masking = masking
        self._streams: dict[str, Stream] = {}
        self.cell = cell
        self.outputs: list[Output] = cell["outputs"]
        self.chunks: list[str] = []
        self.clears_next = False
        self.shown: dict[str, list[Output]] = defaultdict(list)  # by display id

    def print(self, name: str, text: str) -> None:
        """Neighbouring pieces of one stream are one output."""
        last = self.outputs[-1] if self.outputs else None
        if last is None or last["output_type"] != "stream" or last["name"] != name:
            self.settle()
            self.outputs.append({"output_type": "stream", "name": name, "text": ""})
        self.chunks.append(text)

    def settle(self) -> None:
        """What was printed so far is in the outputs, without what may become a secret."""
        if not self.chunks:
            return
        text, output = "".join(self.chunks), self.outputs[-1]
        self.chunks.clear()
        if self._masking:
            self._streams.setdefault(output["name"], Stream(self._masking)).print(output, text)
        else:
            output["text"] += text

    def show_all(self) -> bool:
        """Nothing is held back any more; whether anything was."""
        changed = [stream.show() for stream in self._streams.values()]
        return any(changed)

    def clear(self) -> None:
        self.chunks.clear()
        self.outputs.clear()
        self.shown.clear()
        self._streams.clear()
        self.clears_next = False


class Transcript:
    """``changed`` is called with the index of every cell that has changed. ``answer`` sends what a widget has to say
    to the kernel (Conversation.answer). Nothing that ``masking`` knows gets into the notebook."""

    def __init__(
        self,
        notebook: dict[str, Any],
        changed: Callable[[int], None],
        answer: Callable[..., None] | None = None,
        masking: Masking = OPEN,
    ) -> None:
        self._notebook = notebook
        self._masking = masking
        self._changed = changed
        self._answer = answer
        self._pages: dict[str, Page] = {}
        self._displays: dict[str, dict[str, Page]] = defaultdict(dict)  # id → the pages that show it, by request
        self._widgets: Widgets | None = None

    def begin(self, request: str, index: int) -> None:
        """From now on what answers that request belongs to this cell, its later cells' time included."""
        cell = self._notebook["cells"][index]
        cell["outputs"] = []
        cell["metadata"]["execution"] = {}
        self._pages[request] = Page(index, cell, self._masking)

    def settle(self, more: bool = False) -> None:
        """All that was heard is in the notebook, and the state of its widgets. ``more``: a cell may still print."""
        for page in self._pages.values():
            page.settle()
            if not more and page.show_all():
                self._changed(page.index)
        if self._widgets is not None:
            self._widgets.store_in(self._notebook)
            metadata = self._notebook["metadata"]
            if self._masking and "widgets" in metadata:
                metadata["widgets"] = self._masking.data(metadata["widgets"])

    def replied(self, request: str, reply: Message) -> None:
        self._pages[request].cell["metadata"]["execution"]["shell.execute_reply"] = reply.date

    def publish(self, message: Message) -> None:
        page = self._pages.get(message.answers)
        if page is None:
            return
        if "execution_count" in message.content:
            page.cell["execution_count"] = count_of(message.content)
        kind = message.kind
        if kind == "status":
            self._note_time(page, message.content.get("execution_state", ""), message)
        elif kind == "execute_input":
            self._note_time(page, kind, message)
        elif kind.startswith("comm_"):
            self._of_widgets().hear(message)
        elif self._widgets is not None and self._widgets.take(message, page.outputs, page.index):
            pass
        elif kind == "clear_output":
            if message.content.get("wait"):
                page.clears_next = True
            else:
                self._clear(page, message.answers)
        else:
            self._output(page, message)
        self._changed(page.index)

    def _output(self, page: Page, message: Message) -> None:
        kind, content = message.kind, self._masked(message)
        known = text_of(object_of(content.get("transient")).get("display_id"))
        if known and kind in ("display_data", "execute_result", "update_display_data"):
            self._update(known, content)
        if kind not in ("stream", "display_data", "execute_result", "error"):
            return
        if page.clears_next:
            self._clear(page, message.answers)
        if kind == "stream":
            page.print(text_of(content.get("name")) or "stdout", text_of(content.get("text")))
            return
        page.settle()
        output = output_of(kind, content)
        page.outputs.append(output)
        if known:
            page.shown[known].append(output)
            self._displays[known][message.answers] = page

    def _masked(self, message: Message) -> dict[str, Any]:
        """The content of a message; a stream is masked when its pieces are put together."""
        content = message.content
        if not self._masking or message.kind == "stream":
            return content
        masked = {"transient": content.get("transient"), "metadata": self._masking.data(content.get("metadata"))}
        if message.kind == "error":
            named = {name: self._masking.data(content.get(name)) for name in ("ename", "evalue")}
            return masked | named | {"traceback": self._masking.lines(traceback_of(content))}
        count = content.get("execution_count")
        return masked | {"execution_count": count, "data": self._masking.bundle(object_of(content.get("data")))}

    def _update(self, display: str, content: dict[str, Any]) -> None:
        for page in self._displays.get(display, {}).values():
            for output in page.shown.get(display, ()):
                output["data"], output["metadata"] = bundle_of(content), object_of(content.get("metadata"))
            self._changed(page.index)

    def _clear(self, page: Page, request: str) -> None:
        for display in page.shown:
            shown_in = self._displays[display]
            shown_in.pop(request, None)
            if not shown_in:
                del self._displays[display]
        page.clear()

    def _note_time(self, page: Page, what: Any, message: Message) -> None:
        if isinstance(what, str) and what in TIMES:
            page.cell["metadata"]["execution"][TIMES[what]] = message.date

    def _of_widgets(self) -> Widgets:
        if self._widgets is None:
            self._widgets = Widgets(self._answer)
        return self._widgets
