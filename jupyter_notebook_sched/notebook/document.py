"""A notebook file as a plain document: read and checked, looked into, and reduced to its canonical source.

A document is the parsed JSON of nbformat 4 as plain dicts and lists, every ``source`` one string, every cell with
an id. nbformat itself is imported only for files older than version 4: that import costs about a second of CPU.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from jupyter_notebook_sched.errors import Invalid

Cell: TypeAlias = dict[str, Any]
Notebook: TypeAlias = dict[str, Any]

PARAMETERS_TAG = "parameters"
INJECTED_TAG = "injected-parameters"
RUN_METADATA = "notebook_sched"

MAJOR = 4
MINOR_WITH_CELL_IDS = 5
CELL_TYPES = frozenset({"code", "markdown", "raw"})

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # as in nbformat's 4.5 schema

# What running leaves behind: JupyterLab (execution), nbextensions (ExecuteTime), Colab (executionInfo, outputId),
# papermill and ourselves; and what nbformat calls transient, which never reaches a file that it writes.
_CELL_TRACES = frozenset(
    {"execution", "ExecuteTime", "executionInfo", "outputId", "papermill", RUN_METADATA, "trusted"}
)
_NOTEBOOK_TRACES = frozenset(
    {"widgets", "papermill", RUN_METADATA, "orig_nbformat", "orig_nbformat_minor", "signature", "language_info"}
)


def as_file(document: Notebook) -> bytes:
    """Its bytes, indented as Jupyter indents them."""
    try:
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    except UnicodeEncodeError:  # half a surrogate pair, which a kernel can print, is carried by JSON's escapes only
        return (json.dumps(document, indent=1) + "\n").encode()


def read_notebook(raw: bytes) -> Notebook:
    """The document in these bytes; the same bytes always give the same document.

    Raises ``Invalid`` with reason ``notebook_unreadable`` (not UTF-8, not strict JSON, torn, not a notebook) or
    ``notebook_too_new`` (nbformat 5 or later). Older formats are upgraded; cells without a usable id get one.
    """
    document = _parsed(raw)
    version = document.get("nbformat")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _unreadable("it is JSON, but not a notebook")
    if version > MAJOR:
        raise Invalid(
            f"The notebook has format {version}, which is newer than format {MAJOR}; save it as format {MAJOR} "
            "or upgrade Notebook Sched.",
            "notebook_too_new",
        )
    if version < MAJOR:
        document = _upgraded(document)
    return _checked(document)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise _unreadable(f"byte {error.start} is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        where = "it is empty" if not raw.strip() else f"its JSON is broken at line {error.lineno}, column {error.colno}"
        raise _unreadable(where) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"its JSON cannot be read ({error})") from error
    if not isinstance(document, dict):
        raise _unreadable("it is JSON, but not a notebook")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unreadable(why: str) -> Invalid:
    return Invalid(
        f"The notebook cannot be read because {why}; restore it from a checkpoint, or save it again in JupyterLab.",
        "notebook_unreadable",
    )


def _upgraded(document: dict[str, Any]) -> dict[str, Any]:
    from nbformat import converter, reader

    try:
        older = reader.reads(json.dumps(document))  # type: ignore[no-untyped-call]
        upgraded: dict[str, Any] = json.loads(json.dumps(converter.convert(older, MAJOR)))  # type: ignore[no-untyped-call]
        for cell in upgraded["cells"]:
            cell.pop("id", None)  # nbformat's are random
    except Exception as error:  # nbformat's converters fail in their own many ways on files that are not in shape
        raise _unreadable(f"it cannot be upgraded from format {document['nbformat']} ({error})") from error
    return upgraded


def _checked(document: dict[str, Any]) -> Notebook:
    cells, metadata, minor = document.get("cells"), document.get("metadata", {}), document.get("nbformat_minor", 0)
    if not isinstance(cells, list):
        raise _unreadable("it has no list of cells")
    if not isinstance(metadata, dict):
        raise _unreadable("its metadata is not an object")
    if not isinstance(minor, int):
        raise _unreadable("its nbformat_minor is not a number")
    checked = [_checked_cell(cell, number) for number, cell in enumerate(cells, start=1)]
    minor = max(minor, MINOR_WITH_CELL_IDS)
    return document | {"cells": _with_ids(checked), "metadata": metadata, "nbformat_minor": minor}


def _checked_cell(cell: Any, number: int) -> Cell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
        raise _unreadable(f"cell {number} is not a code, markdown or raw cell")
    source, metadata = cell.get("source"), cell.get("metadata", {})
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise _unreadable(f"cell {number} has no source text")
    if not isinstance(metadata, dict):
        raise _unreadable(f"the metadata of cell {number} is not an object")
    checked = cell | {"source": source, "metadata": metadata}
    if cell["cell_type"] == "code":
        checked = {"outputs": [], "execution_count": None} | checked
        if not isinstance(checked["outputs"], list):
            raise _unreadable(f"the outputs of cell {number} are not a list")
    return checked


def _with_ids(cells: list[Cell]) -> list[Cell]:
    taken: set[str] = set()
    with_ids = []
    for cell in cells:
        wanted = cell.get("id")
        if not isinstance(wanted, str) or not _CELL_ID.fullmatch(wanted) or wanted in taken:
            text = f"{cell['cell_type']}\0{cell['source']}".encode("utf-8", "surrogatepass")
            wanted = free_cell_id(f"{zlib.crc32(text):08x}", taken)
        taken.add(wanted)
        with_ids.append(cell | {"id": wanted})
    return with_ids


def free_cell_id(wanted: str, taken: set[str]) -> str:
    """``wanted``, or the first of ``wanted-2``, ``wanted-3``, … that no other cell has."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def canonical_source(notebook: Notebook) -> bytes:
    """The document without anything that running it changes, as canonical JSON (sorted keys, UTF-8, final newline).

    Outputs, execution counts, widget state, injected cells and run metadata are left out. Of the kernelspec and
    language_info only names stay, because JupyterLab rewrites the rest from the kernel that it finds; so a notebook
    that names its language anywhere keeps these bytes however often it is opened and run.
    """
    source = notebook | {
        "cells": [_source_cell(cell) for cell in notebook["cells"] if INJECTED_TAG not in cell_tags(cell)],
        "metadata": _source_metadata(notebook["metadata"]),
    }
    try:
        text = json.dumps(source, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise _unreadable("it holds a number that JSON cannot write, or is nested too deeply") from error
    return f"{text}\n".encode("utf-8", "backslashreplace")  # half a surrogate pair becomes its own JSON escape


def _source_cell(cell: Cell) -> Cell:
    metadata = {key: value for key, value in cell["metadata"].items() if key not in _CELL_TRACES}
    unrun: Cell = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return cell | unrun | {"metadata": metadata}


def _source_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _NOTEBOOK_TRACES}
    named = _named_language(metadata)
    if named is not None:
        kept["language_info"] = {"name": named}
    kernel, spec = _text(metadata, "kernelspec", "name"), metadata.get("kernelspec")
    if kernel is not None and isinstance(spec, dict):
        kept["kernelspec"] = spec | {"display_name": kernel} | ({"language": named} if named is not None else {})
    return kept


def _text(metadata: Mapping[str, Any], section: str, key: str) -> str | None:
    found = metadata.get(section)
    value = found.get(key) if isinstance(found, Mapping) else None
    return value if isinstance(value, str) and value else None


def _named_language(metadata: Mapping[str, Any]) -> str | None:
    return _text(metadata, "kernelspec", "language") or _text(metadata, "language_info", "name")


def kernel_name(notebook: Notebook) -> str | None:
    """The kernelspec that the notebook asks for, if it asks for one."""
    return _text(notebook["metadata"], "kernelspec", "name")


def language(notebook: Notebook, fallback_kernel_language: str | None = None) -> str:
    """The notebook's language in lower case: as it says itself, else its kernel's, else ``python`` (Jupyter's own)."""
    return (_named_language(notebook["metadata"]) or fallback_kernel_language or "python").lower()


def code_cell(source: str, tags: Sequence[str], cell_id: str) -> Cell:
    """A code cell that has not run."""
    metadata = {"tags": list(tags)} if tags else {}
    shape: Cell = {"cell_type": "code", "id": cell_id, "metadata": metadata, "source": source}
    return shape | {"outputs": [], "execution_count": None}


def code_cells(notebook: Notebook) -> list[Cell]:
    """The code cells in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def cell_tags(cell: Mapping[str, Any]) -> list[str]:
    """The cell's tags; none where its metadata has something else in their place."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def parameters_cell_index(cells: Sequence[Mapping[str, Any]]) -> int | None:
    """The position of the first code cell tagged ``parameters``."""
    for index, cell in enumerate(cells):
        if cell.get("cell_type") == "code" and PARAMETERS_TAG in cell_tags(cell):
            return index
    return None
