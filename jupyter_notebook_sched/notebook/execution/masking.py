"""Secrets kept out of what we write: exact occurrences, as they are and as a source text, JSON or HTML escapes them."""

from __future__ import annotations

import bisect
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.secrets import SHORTEST
from .outcome import TERMINAL_CODES

MASK = "********"
Span = tuple[int, int]
_CUT_CODE = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8})?\Z")
_SURE = 16
"""Where so many characters of a secret stand, it has most likely begun."""
_LOOKS = 100


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
        """Without the secrets in it."""
        return replaced(text, self.spans(text))

    def spans(self, text: str) -> list[Span]:
        """Where secrets stand, though terminal codes stand between their characters: in order, and those that overlap
        are one."""
        if "\x1b" not in text or not self._forms:
            return self._spans(text)
        plain, places = _without_codes(text)
        return [(_place(places, start), _place(places, end - 1) + 1) for start, end in self._spans(plain)]

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
        if not self._forms:
            return 0
        if "\x1b" not in text:
            return self._pending(text)
        whole = _CUT_CODE.sub("", text)
        plain, places = _without_codes(whole)
        pending = self._pending(plain)
        return len(text) - (_place(places, len(plain) - pending) if pending else len(whole))

    def _pending(self, text: str) -> int:
        tail = text[-(self.longest - 1) :]
        return max(_beginning(form, tail) for form in self._forms)

    def _spans(self, text: str) -> list[Span]:
        found = []
        for form in self._forms:
            start = text.find(form)
            while start >= 0:
                found.append((start, start + len(form)))
                # Of those that overlap it, the last: what is between belongs to one or the other.
                again = text.rfind(form, start + 1, start + 2 * len(form) - 1)
                start = again if again >= 0 else text.find(form, start + len(form))
        return united(found)


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


def _beginning(form: str, tail: str) -> int:
    """How many characters at the end of ``tail`` the form may begin with; in what repeats itself for long without end,
    more than that."""
    at, looks = max(len(tail) - len(form) + 1, 0), 0
    while (at := tail.find(form[:_SURE], at)) >= 0:
        looks += 1
        if looks > _LOOKS or form.startswith(tail[at:]):
            return len(tail) - at
        at += 1
    shortest = range(min(_SURE, len(form), len(tail) + 1) - 1, 0, -1)
    return next((length for length in shortest if tail.endswith(form[:length])), 0)


def united(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def replaced(text: str, spans: list[Span], unmasked: int = 0) -> str:
    """The text with a mask, and the terminal codes in it, in the place of each span; of the first ``unmasked``, only
    the codes."""
    if not spans:
        return text
    kept, position = [], 0
    for number, (start, end) in enumerate(spans):
        codes = TERMINAL_CODES.findall(text[start:end]) if "\x1b" in text[start:end] else []
        kept += [text[position:start], "" if number < unmasked else MASK, *codes]
        position = end
    return "".join([*kept, text[position:]])
