"""The output notebook of one attempt, from its first save to its final bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from .. import faults
from ..archive.outputs import OutputSink
from ..domain.times import to_text, utc_now
from ..notebook.execution import provenance
from ..notebook.execution.executing import Execution
from ..notebook.execution.saving import EncodedNotebook, Saver
from . import preparing
from .interface import Ended, Order


class OutputRecord:
    """``execution``'s notebook with what there is to say of its making. ``late``: values that were not known when the
    order was given."""

    def __init__(
        self, order: Order, sink: OutputSink, execution: Execution, started_at: datetime, late: Mapping[str, Any]
    ) -> None:
        self._late = late
        self._order = order
        self._sink = sink
        self._execution = execution
        self._started_at = started_at
        self._encoded = EncodedNotebook(execution.notebook)
        self._saver = Saver(self._running_bytes, sink.save)

    def changed(self, index: int) -> None:
        """There is more to see of that cell."""
        self._encoded.changed(index)
        self._saver.changed()

    def save_if_due(self) -> None:
        """OSError where it cannot be written now."""
        self._saver.save_if_due()

    def seal(self, ended: Ended) -> Ended:
        """The final file, then the attempt's end: a row never mentions what is not on disk."""
        faults.reach("runner-executed")
        facts = msgspec.to_builtins(ended) | {"finished_at": to_text(utc_now())}
        del facts["type"]
        try:
            sha256 = self._sink.seal(self._encoded_with(facts))
        except OSError as error:
            message = f"the output notebook could not be written: {error}"
            return msgspec.structs.replace(ended, state="failed", reason="internal", message=message)
        faults.reach("runner-sealed")
        return msgspec.structs.replace(ended, output_sha256=sha256)

    def _running_bytes(self) -> bytes:
        return self._encoded_with({"state": "running"})

    def _encoded_with(self, facts: dict[str, Any]) -> bytes:
        """The notebook as it is now, with those facts about its run."""
        self._execution.settle()
        metadata = self._execution.notebook["metadata"]
        if provenance.KEY not in metadata:
            metadata[provenance.KEY] = self._provenance()
        metadata[provenance.KEY] |= facts
        return self._encoded.encoded()

    def _provenance(self) -> dict[str, Any]:
        order = self._order
        given: dict[str, Any] = msgspec.json.decode(order.provenance)
        if self._late:
            given["parameters"] = given.get("parameters", {}) | dict(self._late)
        if (before := order.resumption) is not None:
            given["resumed"] = {"run_id": before.run_id, "cell_id": before.cell_id}
        return given | {
            "attempt": order.attempt,
            "started_at": to_text(self._started_at),
            "git_commit": provenance.git_commit(Path(order.folder)),
            **provenance.environment(preparing.python_of(order.kernel)),
        }
