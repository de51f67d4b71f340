"""From an order to what is executed: the document with its parameters injected, and the kernel that it asks for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from ..errors import Invalid
from ..notebook import document
from ..notebook.document import INJECTED_TAG
from ..notebook.execution.given import NOTHING_HIDDEN, Earlier, Hidden
from ..notebook.execution.kernels import KernelRequest
from ..notebook.parameters import injecting, reading
from ..notebook.parameters.model import ReadParameters
from . import resuming
from .interface import Order
from .late_values import LateValues, late_values


@dataclass(frozen=True)
class Prepared:
    """``late``: the values that waited for the attempt. ``going_on``: with what it goes on, where it does,
    and ``earlier``, what of that has been executed."""

    notebook: dict[str, Any]
    request: KernelRequest
    hidden: Hidden
    late: LateValues
    going_on: resuming.GoingOn | None = None
    earlier: Earlier | None = None


def prepared(order: Order, private: Path, secrets: Mapping[str, str]) -> Prepared:
    """``private``: for the kernel's sockets. ``secrets``: name → value of those that the order asks for. SchedError or
    NoSuchKernel where it cannot be done."""
    notebook, going_on = document.read_notebook(order.source), None
    if order.resumption is not None:
        going_on = resuming.going_on(notebook, order.resumption)
        notebook = going_on.notebook
    spec = _spec(order.kernel)
    hidden, late = NOTHING_HIDDEN, LateValues()
    if values := msgspec.json.decode(order.parameters):
        language = document.language(notebook, str(spec.language).lower())
        read = reading.read_parameters(notebook["cells"], language)
        late = late_values(order, read, language, secrets)
        if going_on is not None and not going_on.injects:  # its kernel has them, as they were
            late, hidden = replace(late, shown=going_on.shown), Hidden(masking=late.masking)
            values = {}
    if values:
        try:
            notebook, hidden = _injected(notebook, read, language, values, late)
        except Invalid as error:
            raise Invalid(late.masking.text(str(error)), error.reason) from None
        going_on = going_on.injected(notebook) if going_on is not None else None
    notebook = _naming_kernel(notebook, order.kernel, spec)
    folder = Path(order.folder)
    if not folder.is_dir():
        raise Invalid(f"the notebook's folder {folder} does not exist any more")
    environment = {
        "NOTEBOOK_SCHED_RUN_ID": order.run_id,
        "NOTEBOOK_SCHED_ATTEMPT": str(order.attempt),
        "NOTEBOOK_SCHED_RUN_DIR": str(Path(order.output).parent),
    }
    request = KernelRequest(order.kernel, folder, private, environment)
    earlier = None if going_on is None else going_on.earlier(request, str(spec.language).lower())
    return Prepared(notebook, request, hidden, late, going_on, earlier)


def _injected(
    notebook: dict[str, Any], read: ReadParameters, language: str, values: dict[str, Any], late: LateValues
) -> tuple[dict[str, Any], Hidden]:
    """The document with its values, and what is executed in the place of those that must not show."""
    if not late.secret:
        return injecting.inject(notebook, read, language, values | late.values), NOTHING_HIDDEN
    injected = injecting.inject(notebook, late.shown_by(read), language, values | late.shown)
    index = next(n for n, cell in enumerate(injected["cells"]) if INJECTED_TAG in document.cell_tags(cell))
    source = injecting.injected_source(language, read.parameters, values | late.values)
    remark = injecting.injected_source(language, read.parameters, {})
    return injected, Hidden({index: source}, remark, late.masking)


def python_of(kernel: str) -> str | None:
    """The interpreter of a Python kernel; None for other languages."""
    from jupyter_client.kernelspec import NoSuchKernel

    try:
        spec = _spec(kernel)
    except (NoSuchKernel, Invalid):
        return None
    if spec.language != "python" or not spec.argv:
        return None
    # jupyter_client starts a kernelspec's bare "python" with the interpreter that it runs in itself.
    own = {"python", f"python{sys.version_info.major}", f"python{sys.version_info.major}.{sys.version_info.minor}"}
    return sys.executable if spec.argv[0] in own else shutil.which(spec.argv[0])


def _naming_kernel(notebook: dict[str, Any], kernel: str, spec: Any) -> dict[str, Any]:
    """The document names the kernel that it runs on, so that a copy of it opens with that one."""
    if document.kernel_name(notebook) == kernel:
        return notebook
    named = {"name": kernel, "display_name": spec.display_name, "language": spec.language}
    return notebook | {"metadata": notebook["metadata"] | {"kernelspec": named}}


def _spec(kernel: str) -> Any:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        raise
    except Exception as error:  # whatever its kernel.json is
        raise Invalid(f"the kernel {kernel!r} cannot be used: its kernel.json is broken ({error})") from error
    if not spec.argv and "kernel_provisioner" not in spec.metadata:
        raise Invalid(f"the kernel {kernel!r} cannot be used: its kernel.json names no command (argv)")
    return spec
