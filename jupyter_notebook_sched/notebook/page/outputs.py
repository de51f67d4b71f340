"""Outputs of code cells as HTML, in the richest form that a page can show by itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any

from .budget import Budget, shortened
from .texts import latex, markdown, terminal
from .widgets import VIEW, Widgets

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
ELSEWHERE = re.compile(r"""<(?:script|iframe)\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?//|\brequire(?:js)?\s*\(\s*\[""", re.I)
"""Scripts that HTML outputs of plotting libraries load from the network, or from what only Jupyter has."""
NEEDS_MORE = "Some of this output is drawn by a script that pages do not load; open the notebook to see it."
TOO_MUCH = "Left out here: {size} of output. The notebook has all of it."


class Outputs:
    """Those of one notebook with that metadata. ``hide_code``: tracebacks, which quote it, are left out."""

    def __init__(self, metadata: Mapping[str, Any], budget: Budget, hide_code: bool) -> None:
        self._budget = budget
        self._hide_code = hide_code
        self._widgets = Widgets(metadata, self.shown)

    def shown(self, outputs: list[Any]) -> str:
        """One after the other; streams are put together."""
        return "".join(f'<div class="output">{html}</div>' for html in map(self._one, _joined(outputs)) if html)

    def _one(self, output: Mapping[str, Any]) -> str:
        kind = output.get("output_type")
        if kind == "stream":
            return self._text(_text(output.get("text")), "stderr" if output.get("name") == "stderr" else "")
        if kind == "error":
            return self._error(output)
        if kind in ("execute_result", "display_data", "update_display_data"):
            data = output.get("data")
            return self._data(data if isinstance(data, Mapping) else {})
        return ""

    def _error(self, output: Mapping[str, Any]) -> str:
        lines, told = output.get("traceback"), f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
        if self._hide_code or not isinstance(lines, list) or not lines:
            return self._text(told, "error")
        return self._text("\n".join(map(_text, lines)), "error")

    def _data(self, data: Mapping[str, Any]) -> str:
        if VIEW in data and (widget := self._widgets.shown(data[VIEW])) is not None:
            return self._within_budget(f'{widget}<p class="note">A widget, as it was last.</p>')
        if "text/html" in data:
            return self._html(_text(data["text/html"]), data)
        if "image/svg+xml" in data:
            picture = b64encode(_text(data["image/svg+xml"]).encode(errors="replace")).decode()
            return self._image("image/svg+xml", picture)
        for kind in IMAGES:
            if kind in data:
                return self._image(kind, "".join(_text(data[kind]).split()))
        if "text/markdown" in data:
            return self._within_budget(f'<div class="prose">{markdown(_text(data["text/markdown"]))}</div>')
        if "text/latex" in data:
            return self._within_budget(latex(_text(data["text/latex"])))
        text = self._text(_text(data["text/plain"])) if "text/plain" in data else ""
        others = ", ".join(sorted(str(kind) for kind in data if kind != "text/plain"))
        return text + (_note(f"Not shown in a page: {others}.") if others else "")

    def _html(self, html: str, data: Mapping[str, Any]) -> str:
        if ELSEWHERE.search(html):
            image = next((kind for kind in IMAGES if kind in data), None)
            if image is not None:
                return self._image(image, "".join(_text(data[image]).split()))
            return self._within_budget(f'<div class="rich">{html}</div>{_note(NEEDS_MORE)}')
        return self._within_budget(f'<div class="rich">{html}</div>')

    def _image(self, kind: str, base64: str) -> str:
        return self._within_budget(f'<img alt="" src="data:{kind};base64,{escape(base64)}">')

    def _text(self, text: str, kind: str = "") -> str:
        if not text:
            return ""
        head, left_out, tail = shortened(text)
        shown = terminal(head)
        if left_out:
            shown += (
                f"\n{_note(f'… {left_out:,} characters are left out here; the notebook has them …')}\n{terminal(tail)}"
            )
        return self._within_budget(f'<pre class="text {kind}">{shown}</pre>')

    def _within_budget(self, html: str) -> str:
        return html if self._budget.allows(len(html)) else _note(TOO_MUCH.format(size=_size(len(html))))


def _joined(outputs: list[Any]) -> list[Mapping[str, Any]]:
    """Neighbouring pieces of one stream as one output; what is no output is left out."""
    pieces: list[tuple[Mapping[str, Any], list[str]]] = []
    for output in outputs:
        if not isinstance(output, Mapping):
            continue
        stream = output.get("name") if output.get("output_type") == "stream" else None
        if stream is not None and pieces and pieces[-1][1] and pieces[-1][0].get("name") == stream:
            pieces[-1][1].append(_text(output.get("text")))
        else:
            pieces.append((output, [_text(output.get("text"))] if stream is not None else []))
    return [{**output, "text": "".join(texts)} if texts else output for output, texts in pieces]


def _text(value: Any) -> str:
    """nbformat's multi-line texts are a text or a list of texts."""
    if isinstance(value, list):
        return "".join(map(_text, value))
    return value if isinstance(value, str) else "" if value is None else str(value)


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _size(characters: int) -> str:
    return f"{characters / 1024**2:.1f} MB" if characters >= 1024**2 else f"{characters / 1024:.0f} KB"
