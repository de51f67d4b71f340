"""The notebook of an attempt that goes on with the kept kernel of another run, with what is carried over of that run's
output."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..archive import outputs
from ..domain.run import Resumption
from ..errors import Invalid
from ..notebook import document
from ..notebook.document import Notebook
from ..notebook.execution.given import Earlier
from ..notebook.execution.kernels import KernelRequest
from ..notebook.resuming import RETRY, place_of_injected, resumed, shown_parameters


@dataclass(frozen=True)
class GoingOn:
    """``carried``: the indexes of cells that are not run again; ``changed``: how many of them were edited or removed
    since. ``injects``: whether its values are still to be injected; where not, the failed run ``shown`` them."""

    notebook: Notebook
    carried: frozenset[int]
    changed: int
    injects: bool
    shown: dict[str, Any]

    def injected(self, notebook: Notebook) -> GoingOn:
        """The same, with the values in its notebook."""
        place = place_of_injected(self.notebook["cells"])
        return replace(self, notebook=notebook, carried=frozenset(n + (n >= place) for n in self.carried))

    def earlier(self, request: KernelRequest, language: str) -> Earlier:
        """A kernel for Python learns whose it is now, so that files go to the folder of this run; others cannot."""
        source = f"__import__('os').environ.update({request.environment!r})" if language == "python" else ""
        return Earlier(self.carried, source)

    def told(self, message: str | None) -> str | None:
        """What an attempt's end says of itself, with what a person has to know of its beginning."""
        if not self.changed:
            return message
        what = "1 of the cells above was" if self.changed == 1 else f"{self.changed} of the cells above were"
        remark = f"{what} changed since the failed run, and not run again"
        return f"{message} ({remark})" if message else remark


def going_on(source: Notebook, resumption: Resumption) -> GoingOn:
    """Invalid where what is to be carried over is not there as it was recorded."""
    try:
        content = outputs.own_bytes(Path(resumption.output))
    except OSError:
        raise Invalid(f"the output of the failed run is gone; {RETRY}") from None
    if resumption.output_sha256 not in (None, hashlib.sha256(content).hexdigest()):
        raise Invalid(f"the output of the failed run was changed since, so nothing is carried over from it; {RETRY}")
    output = document.read_notebook(content)
    try:
        found = resumed(source, output, resumption.cell_id)
    except ValueError:
        raise Invalid(f"the cell to go on from is not in the notebook; {RETRY}") from None
    return GoingOn(found.notebook, found.carried, found.changed, found.injects, shown_parameters(output) or {})
