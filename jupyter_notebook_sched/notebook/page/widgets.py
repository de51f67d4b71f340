"""Widgets as they were last: what the notebook has kept of their state, as plain HTML. Nothing in it can be moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
DEEPEST = 20
MOST_WIDGETS = 2000
_REFERENCE = "IPY_MODEL_"
_IN_A_ROW = ("HBoxModel", "GridBoxModel")
_BOXES = (*_IN_A_ROW, "BoxModel", "VBoxModel", "TabModel", "AccordionModel", "StackModel")
_HTML = ("HTMLModel", "HTMLMathModel")
_PROGRESS = ("IntProgressModel", "FloatProgressModel")
_CHOICES = ("DropdownModel", "RadioButtonsModel", "SelectModel", "ToggleButtonsModel", "SelectionSliderModel")
State = Mapping[str, Any]


class Widgets:
    """Those of one notebook. ``outputs``: shows what an output widget has caught."""

    def __init__(self, metadata: Mapping[str, Any], outputs: Callable[[list[Any]], str]) -> None:
        kept = _mapping(_mapping(metadata.get("widgets")).get(STATE))
        self._models = _mapping(kept.get("state"))
        self._outputs = outputs
        self._left = MOST_WIDGETS

    def shown(self, view: Any) -> str | None:
        """The widget that an output's ``view`` (the JSON of its MIME type) names; None where nothing of it was kept."""
        name = _mapping(view).get("model_id")
        return self._model(name, 0) if isinstance(name, str) and name in self._models else None

    def _model(self, model_id: str, depth: int) -> str:
        model = _mapping(self._models.get(model_id))
        kind, state = str(model.get("model_name", "")), _mapping(model.get("state"))
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            return _note("more widgets are not shown")
        if kind in _BOXES:
            inside = "".join(f"<div>{self._model(child, depth + 1)}</div>" for child in _children(state))
            return f'<div class="{"widgets row" if kind in _IN_A_ROW else "widgets"}">{inside}</div>'
        if kind == "OutputModel":
            caught = state.get("outputs")
            return self._outputs(caught if isinstance(caught, list) else [])
        return f'<span class="widget">{_label(state)}{_value(kind, state, model)}</span>'


def _children(state: State) -> list[str]:
    children = state.get("children")
    named = [child for child in children if isinstance(child, str)] if isinstance(children, list) else []
    return [child.removeprefix(_REFERENCE) for child in named]


def _label(state: State) -> str:
    description = state.get("description")
    return f"{escape(description)} " if isinstance(description, str) and description else ""


def _value(kind: str, state: State, model: State) -> str:
    value = state.get("value")
    if kind in _HTML and isinstance(value, str):
        return value
    if kind in _PROGRESS:
        return _progress(state)
    if kind in _CHOICES:
        return escape(_chosen(state))
    if kind == "ButtonModel":
        return ""
    if kind == "ImageModel":
        return _image(state, model)
    if isinstance(value, str | int | float | list) or value is None:
        return escape(_told(value)) if "value" in state else _note(f"a widget ({kind.removesuffix('Model')})")
    return _note(f"a widget ({kind.removesuffix('Model')})")


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "☑" if value else "☐"
    if isinstance(value, list):
        return " – ".join(map(_told, value))
    return "" if value is None else str(value)


def _progress(state: State) -> str:
    numbers = [state.get(name) for name in ("min", "value", "max")]
    least, value, most = (number if isinstance(number, int | float) else 0 for number in numbers)
    return f'<progress value="{value - least}" max="{max(most - least, 1e-9)}"></progress>'


def _chosen(state: State) -> str:
    labels, index = state.get("_options_labels"), state.get("index")
    if isinstance(labels, list) and isinstance(index, int) and 0 <= index < len(labels):
        return str(labels[index])
    return ""


def _image(state: State, model: State) -> str:
    buffers = model.get("buffers")
    for buffer in map(_mapping, buffers if isinstance(buffers, list) else []):
        if buffer.get("path") == ["value"] and buffer.get("encoding") == "base64":
            kind = escape(str(state.get("format", "png")))
            return f'<img alt="" src="data:image/{kind};base64,{escape(str(buffer.get("data")))}">'
    return ""


def _note(text: str) -> str:
    return f'<span class="note">{escape(text)}</span>'


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
