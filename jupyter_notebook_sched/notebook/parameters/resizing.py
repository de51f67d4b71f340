"""Elements taken out of a list or object that is written out, and put into it: its layout and its comments stay.

A comment at the end of a line is theirs that stand in the line, and goes when none of them stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from .changes import Change
from .displays import Display, Element
from .offsets import NEWLINE

_REST_OF_LINE = re.compile(r"[ \t]*(,?)[ \t]*((?:(?:#|//|--)[^\r\n]*)?)(?=[\r\n])")
_COMMENT = re.compile(r"#|//|--")
_COMMA = re.compile(r"[ \t]*,?[ \t]*")
_INDENTED = re.compile(r"[\r\n]([ \t]+)(?=\S)")
_DEEPER = "    "


def resized(
    display: Display, found: list[Change], gone: list[Element], fresh: list[str], at: int | None = None
) -> list[Change] | None:
    """``found``, and what takes ``gone`` out and puts ``fresh`` before element number ``at`` (None: at the end).

    None where that would take something with it, or leaves nothing.
    """
    if not display.elements:
        return _filled(display, fresh)
    if len(gone) == len(display.elements):
        return None
    in_place = [] if display.by_line else list(zip(gone, fresh, strict=False))
    changes = [*found, *(Change(element.start, element.end, one) for element, one in in_place)]
    gone, fresh = gone[len(in_place) :], fresh[len(in_place) :]
    lost = {id(element) for element in gone}
    changes += _without(display, [place for place, element in enumerate(display.elements) if id(element) in lost])
    if not fresh:
        return changes
    staying = [element for element in display.elements if id(element) not in lost]
    before = staying[-1] if at is None else display.elements[at - 1] if at else None
    return [*changes, _after(display, before, fresh) if before is not None else _first(display, fresh)]


def _without(display: Display, lost: Sequence[int]) -> Iterator[Change]:
    if display.by_line:
        yield from (_lines(display, place, place) for place in lost)
        return
    for run in _runs(lost, lambda left, right: right == left + 1):
        if run[-1] == len(display.elements) - 1:
            yield from _without_last(display, run[0])
        elif run[0] == 0:
            yield _without_first(display, run[-1])
        else:
            yield from _without_some(display, run)


def _runs(places: Iterable[int], follows: Callable[[int, int], bool]) -> list[list[int]]:
    runs: list[list[int]] = []
    for place in places:
        if runs and follows(runs[-1][-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _in_line(display: Display, left: int, right: int) -> bool:
    """Whether that element begins in the line in which the one before it ends."""
    between = display.text[display.elements[left].end : display.elements[right].start]
    return NEWLINE.search(between) is None


def _rest(display: Display, place: int) -> re.Match[str] | None:
    """What is behind the last element of a line, its comma and its comment."""
    return _REST_OF_LINE.match(display.text, display.elements[place].end)


def _lines(display: Display, first: int, last: int) -> Change:
    """Whole lines; where the bracket is in the last one, that stays."""
    start, rest = display.line_start(display.elements[first]), _rest(display, last)
    assert start is not None
    found = NEWLINE.match(display.text, rest.end()) if rest is not None else None
    found = found or _COMMA.match(display.text, display.elements[last].end)
    assert found is not None  # it matches nothing, too
    return Change(start, found.end(), "")


def _without_last(display: Display, first: int) -> Iterator[Change]:
    """From element number ``first`` to the end; the comment of the line stays in which the one before it is."""
    elements, last = display.elements, len(display.elements) - 1
    beside = first - 1
    while beside < last and _in_line(display, beside, beside + 1):
        beside += 1
    rest = _rest(display, beside)
    below = beside < last and display.line_start(elements[beside + 1]) is not None
    if not below or not ((rest is not None and rest[2]) or _rest(display, last)):
        yield Change(elements[first - 1].end, elements[last].end, "")
        return
    if beside >= first:
        yield Change(elements[first - 1].end, elements[beside].end, "")
    whole = _lines(display, beside + 1, last)
    yield whole if _rest(display, last) else Change(elements[beside + 1].start, whole.end, "")


def _without_first(display: Display, last: int) -> Change:
    """Up to element number ``last``; comment lines above the next one stay."""
    start, following = display.elements[0].start, display.elements[last + 1].start
    rest = None if _in_line(display, last, last + 1) else _rest(display, last)
    if rest is None or not _COMMENT.search(display.text, rest.end(), following):
        return Change(start, following, "")
    if display.line_start(display.elements[0]) is not None:
        return _lines(display, 0, last)
    return Change(start, rest.end(), "")


def _without_some(display: Display, run: Sequence[int]) -> Iterator[Change]:
    """Line by line; there are elements before and behind."""
    elements = display.elements
    for places in _runs(run, lambda left, right: _in_line(display, left, right)):
        first, last = places[0], places[-1]
        if _in_line(display, last, last + 1):
            yield Change(elements[first].start, elements[last + 1].start, "")
        elif display.line_start(elements[first]) is not None:
            yield _lines(display, first, last)
        else:
            yield Change(elements[first - 1].end, elements[last].end, "")


def _after(display: Display, element: Element, fresh: list[str]) -> Change:
    """The comment at the end of the element's line stays there: what is new begins the next one."""
    between = _between(display, element)
    rest = _REST_OF_LINE.match(display.text, element.end) if display.one_a_line else None
    if rest is None:
        return Change(element.end, element.end, "".join(f",{between}{one}" for one in fresh))
    kept = rest[0] if rest[1] else f",{rest[0]}"
    lines = f",{between}".join(fresh) + ("," if rest[1] else "")
    return Change(element.end, rest.end(), f"{kept}{between}{lines}")


def _first(display: Display, fresh: list[str]) -> Change:
    first = display.elements[0]
    between = _between(display, first)
    return Change(first.start, first.start, "".join(f"{one},{between}" for one in fresh))


def _between(display: Display, element: Element) -> str:
    """A new line as deep as the element's own, where they stand one a line; the first may be behind the bracket."""
    if not display.one_a_line:
        return " "
    own = element if display.line_start(element) is not None else display.elements[1]
    start, found = display.line_start(own), NEWLINE.search(display.text)
    assert start is not None
    assert found is not None
    return found[0] + display.text[start : own.start]


def _filled(display: Display, fresh: list[str]) -> list[Change] | None:
    """Lines between brackets that have nothing but comments between them."""
    if display.closing is None or not fresh:
        return None
    start = max(display.text.rfind("\n", 0, display.closing), display.text.rfind("\r", 0, display.closing)) + 1
    newline, deep = NEWLINE.search(display.text), _INDENTED.search(display.text, 0, start)
    assert newline is not None
    indentation = deep[1] if deep is not None else display.text[start : display.closing] + _DEEPER
    return [Change(start, start, "".join(f"{indentation}{one},{newline[0]}" for one in fresh))]
