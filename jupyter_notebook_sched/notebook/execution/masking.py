"""Secrets kept out of what we write: exact occurrences, as they are and as a source text, JSON or HTML escapes them."""

from __future__ import annotations

import bisect
import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.secrets import SHORTEST
from .outcome import TERMINAL_CODES

MASK = "********"
LONGEST_PENDING = 8192


class Masking:
    """``secrets``: values that must not show. ``written``: texts that spell one of them out in some language."""

    def __init__(self, secrets: Iterable[str] = (), written: Iterable[str] = ()) -> None:
        # Whoever reads one from a file that ends with a line break shows it without that.
        both = {form for value in secrets for form in (value, value.strip())}
        self._values = frozenset(value for value in both if len(value) >= SHORTEST)
        spelled = {form for value in self._values for form in _spellings(value)}
        spelled |= {form for form in written if len(form) >= SHORTEST}
        self._forms = sorted(spelled, key=len, reverse=True)
        self.longest = max(map(len, self._forms), default=0)

    def __bool__(self) -> bool:
        return bool(self._forms)

    def __repr__(self) -> str:
        return f"Masking of {len(self._values)} secrets"

    def text(self, text: str) -> str:
        """Without the secrets in it, though terminal codes stand between their characters."""
        if not self._forms:
            return text
        if "\x1b" not in text:
            return _replaced(text, self._spans(text))
        plain, places = _without_codes(text)
        spans = [(_place(places, start), _place(places, end - 1) + 1) for start, end in self._spans(plain)]
        return _replaced(text, spans)

    def lines(self, lines: list[str]) -> list[str]:
        """Lines of one text; a secret may go over several of them."""
        whole = "\n".join(lines)
        masked = self.text(whole)
        return lines if masked == whole else masked.split("\n")

    def data(self, value: Any) -> Any:
        """JSON with every text in it masked, names as well; numbers that a secret spells, too."""
        if not self._forms:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.data(item) for key, item in value.items()}
        if isinstance(value, int | float) and not isinstance(value, bool) and str(value) in self._values:
            return MASK
        return value

    def bundle(self, bundle: Mapping[str, Any]) -> dict[str, Any]:
        """Representations by media type: those that are lines of text are one text."""
        return {
            kind: self.text("".join(value)) if _is_lines(kind, value) else self.data(value)
            for kind, value in bundle.items()
        }

    def pending(self, text: str) -> int:
        """How many characters at the end may be the beginning of a secret, if more is to come."""
        longest = 0
        tail = text[-min(self.longest - 1, LONGEST_PENDING) :] if self.longest > 1 else ""
        for form in self._forms:
            start = tail.find(form[0], max(len(tail) - len(form) + 1, 0))
            while start >= 0 and len(tail) - start > longest:
                if form.startswith(tail[start:]):
                    longest = len(tail) - start
                    break
                start = tail.find(form[0], start + 1)
        return longest

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where secrets stand, in order; those that overlap are one."""
        found = []
        for form in self._forms:
            start = text.find(form)
            while start >= 0:
                found.append((start, start + len(form)))
                start = text.find(form, start + 1)
        united: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if united and start < united[-1][1]:
                united[-1] = (united[-1][0], max(end, united[-1][1]))
            else:
                united.append((start, end))
        return united


OPEN = Masking()
"""Where there are no secrets."""


def _spellings(value: str) -> set[str]:
    """As Python, JSON and HTML (as its own library, and as MarkupSafe, which templates of pages use) write it."""
    marked_up = html.escape(value, quote=False)
    return {
        value,
        repr(value)[1:-1],
        repr(value.encode("utf-8", "surrogatepass"))[2:-1],
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        marked_up,
        marked_up.replace('"', "&#34;").replace("'", "&#39;"),
    }


def _is_lines(kind: str, value: Any) -> bool:
    is_json = kind == "application/json" or kind.endswith("+json")
    return not is_json and isinstance(value, list) and all(isinstance(line, str) for line in value)


def _without_codes(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without terminal codes, and from where on (there) which places (here) its characters have."""
    kept, places, position, length = [], [], 0, 0
    for code in TERMINAL_CODES.finditer(text):
        if code.start() > position:
            places.append((length, position))
            kept.append(text[position : code.start()])
            length += code.start() - position
        position = code.end()
    places.append((length, position))
    kept.append(text[position:])
    return "".join(kept), places


def _place(places: list[tuple[int, int]], index: int) -> int:
    there, here = places[bisect.bisect_right(places, index, key=lambda place: place[0]) - 1]
    return here + index - there


def _replaced(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    kept, position = [], 0
    for start, end in spans:
        codes = TERMINAL_CODES.findall(text[start:end]) if "\x1b" in text[start:end] else []
        kept += [text[position:start], MASK, *codes]
        position = end
    return "".join([*kept, text[position:]])
