"""A sweep: one notebook with many sets of values, each of which becomes a run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from ..errors import FieldError, Invalid

Mode = Literal["grid", "zip", "list"]
MOST_RUNS = 1000
MOST_VARIED = 200
FIELD = "sweep.values"
LONGEST_LABEL = 100
LONGEST_VALUE = 40


@dataclass(frozen=True)
class Point:
    """The values of one run, and the field of the request that each of them stands in."""

    values: dict[str, Any]
    fields: dict[str, str]
    field: str = FIELD


@dataclass(frozen=True)
class Sweep:
    """``varied``: the names of the parameters that it gives values, in the order in which they were sent."""

    mode: Mode
    varied: tuple[str, ...]
    points: tuple[Point, ...]


def expanded(mode: Mode, values: Mapping[str, Any] | Sequence[Any]) -> Sweep:
    """Every run of a sweep, in its order: of a grid the last name varies fastest. The same values may come twice.

    Invalid naming every field that has not the right shape, or where there are more than MOST_RUNS runs.
    """
    return _of_list(values) if mode == "list" else _of_lists(mode, values)


def _of_list(sets: Mapping[str, Any] | Sequence[Any]) -> Sweep:
    if isinstance(sets, Mapping):
        raise _refused(FIELD, 'must be a list of objects, each with the values of one run (or use the mode "grid")')
    if not sets:
        raise _refused(FIELD, "is empty; give the values of at least one run")
    _check_number(len(sets))
    wrong = [place for place, values in enumerate(sets) if not isinstance(values, dict)]
    if wrong:
        raise Invalid.fields(
            [FieldError(f"{FIELD}.{place}", "must be an object: names with values") for place in wrong]
        )
    varied = tuple(dict.fromkeys(name for values in sets for name in values))
    _check_varied(len(varied))
    return Sweep("list", varied, tuple(_point_of_list(place, values) for place, values in enumerate(sets)))


def _point_of_list(place: int, values: dict[str, Any]) -> Point:
    field = f"{FIELD}.{place}"
    return Point(values, {name: f"{field}.{name}" for name in values}, field)


def _of_lists(mode: Mode, lists: Mapping[str, Any] | Sequence[Any]) -> Sweep:
    if not isinstance(lists, Mapping):
        raise _refused(FIELD, 'must be an object: names with lists of values (or use the mode "list")')
    if not lists:
        raise _refused(FIELD, "is empty; give at least one parameter with its values")
    _check_varied(len(lists))
    errors = [
        FieldError(f"{FIELD}.{name}", _wrong_with(values)) for name, values in lists.items() if _wrong_with(values)
    ]
    if errors:
        raise Invalid.fields(errors)
    if mode == "zip":
        _check_lengths(lists)
    _check_number(math.prod(map(len, lists.values())) if mode == "grid" else len(next(iter(lists.values()))))
    return Sweep(mode, tuple(lists), tuple(_points(mode, lists)))


def _points(mode: Mode, lists: Mapping[str, list[Any]]) -> Iterator[Point]:
    columns = [list(enumerate(values)) for values in lists.values()]
    for chosen in itertools.product(*columns) if mode == "grid" else zip(*columns, strict=True):
        of_name = dict(zip(lists, chosen, strict=True))
        yield Point(
            {name: value for name, (_, value) in of_name.items()},
            {name: f"{FIELD}.{name}.{place}" for name, (place, _) in of_name.items()},
        )


def _wrong_with(values: Any) -> str:
    if not isinstance(values, list):
        return "must be a list of values"
    return "" if values else "has no values; give at least one, or leave the parameter out"


def _check_lengths(lists: Mapping[str, list[Any]]) -> None:
    first, *others = lists
    errors = [
        FieldError(
            f"{FIELD}.{name}",
            f"has {_counted(len(lists[name]), 'value')} where {first} has {len(lists[first])}; "
            "zip takes lists of the same length",
        )
        for name in others
        if len(lists[name]) != len(lists[first])
    ]
    if errors:
        raise Invalid.fields(errors)


def _check_number(runs: int) -> None:
    if runs > MOST_RUNS:
        told = f"{runs:,}" if runs < 10**15 else "far too many"
        raise _refused(FIELD, f"would make {told} runs; one sweep makes at most {MOST_RUNS:,}", "too_many_runs")


def _check_varied(parameters: int) -> None:
    if parameters > MOST_VARIED:
        raise _refused(FIELD, f"would vary {parameters:,} parameters; one sweep varies at most {MOST_VARIED}")


def _refused(field: str, message: str, reason: str = "invalid") -> Invalid:
    return Invalid.fields([FieldError(field, message)], reason)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def label(values: Mapping[str, Any]) -> str | None:
    """What sets a run apart from the others of its sweep, for a person: ``alpha=1, region=us``."""
    text = ", ".join(f"{_text(name)}={_shortened(_text(value), LONGEST_VALUE)}" for name, value in values.items())
    return _shortened(text, LONGEST_LABEL) or None


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return " ".join("".join(each if each.isprintable() else " " for each in text[: 4 * LONGEST_LABEL]).split())


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
