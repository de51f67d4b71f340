"""nbclient with a hook on every output, and neighbouring chunks of one stream merged."""

from __future__ import annotations

from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets import Any as AnyTrait


class LiveClient(NotebookClient):
    """``on_output`` is called after each message that may have changed the notebook."""

    on_output = AnyTrait(default_value=lambda: None, help="called after each message; takes nothing")

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        output = super().process_message(msg, cell, cell_index)
        if output is not None and output.get("output_type") == "stream":
            _merge_last_streams(cell.outputs)
        self.on_output()
        return output


def _merge_last_streams(outputs: list[NotebookNode]) -> None:
    if len(outputs) < 2:
        return
    before, last = outputs[-2:]
    if before.get("output_type") == last["output_type"] == "stream" and before["name"] == last["name"]:
        before["text"] += last["text"]
        outputs.pop()
