"""The results in the outputs of a notebook's cells.

Three ways lead there. A cell tagged ``result``: the value that it shows; an object is one result a key. Scrapbook's
``glue`` (https://nteract-scrapbook.readthedocs.io, *models*), and papermill's ``record`` of before: display data of
their own media types, in any cell.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..document import cell_tags
from .bounds import Masked, as_it_is, bounded
from .text import value_of

TAG = "result"
SCRAPS = ("application/scrapbook.scrap.json+json", "application/scrapbook.scrap.text+json")
RECORD = "application/papermill.record+json"
SHOWN = ("execute_result", "display_data")
Named = Iterator[tuple[str, Any]]


def results_of(cells: Sequence[Mapping[str, Any]], masked: Masked = as_it_is) -> dict[str, Any]:
    """Name → value, in wire form and bounded, in the order of the cells (of an executed notebook, outputs settled).

    ``masked``: a secret that stood in the outputs in escapes would be itself again as a value.
    """
    return bounded(_all(cells), masked)


def _all(cells: Sequence[Mapping[str, Any]]) -> Named:
    for cell in cells:
        outputs = [output for output in cell.get("outputs") or () if isinstance(output, Mapping)]
        scraps = [scrap for output in outputs for scrap in _recorded(_data(output))]
        yield from scraps
        if TAG in cell_tags(cell) and not scraps:
            yield from _shown(cell, outputs)


def _data(output: Mapping[str, Any]) -> Mapping[str, Any]:
    data = output.get("data")
    return data if output.get("output_type") in SHOWN and isinstance(data, Mapping) else {}


def _recorded(data: Mapping[str, Any]) -> Named:
    for kind in SCRAPS:
        scrap = data.get(kind)
        if isinstance(scrap, Mapping) and isinstance(scrap.get("name"), str):
            yield scrap["name"], scrap.get("data")
    record = data.get(RECORD)
    if isinstance(record, Mapping):
        yield from record.items()


def _shown(cell: Mapping[str, Any], outputs: Sequence[Mapping[str, Any]]) -> Named:
    """What a cell that is tagged shows; what it prints, where it shows nothing."""
    values = [value for output in outputs for value in _values_in(_data(output))]
    name = _name_of(cell) if len(values) == 1 else TAG
    if not values and (printed := "".join(_printed(outputs))).strip():
        values = [value_of(printed)]
    for value in values:
        yield from value.items() if isinstance(value, Mapping) else [(name, value)]


def _values_in(data: Mapping[str, Any]) -> Iterator[Any]:
    """The value that an output shows, if it is one: a picture is not, whatever text stands for it."""
    if "application/json" in data:
        yield data["application/json"]
    elif "text/plain" in data and not any(kind.startswith("image/") for kind in data):
        yield value_of(_joined(data["text/plain"]))


def _printed(outputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for output in outputs:
        if output.get("output_type") == "stream" and output.get("name") == "stdout":
            yield _joined(output.get("text"))


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _name_of(cell: Mapping[str, Any]) -> str:
    """The variable that the cell ends with, which is what it shows; else just ``result``."""
    last = str(cell.get("source") or "").rstrip().rpartition("\n")[2].strip()
    return last if last.isidentifier() and not keyword.iskeyword(last) else TAG
