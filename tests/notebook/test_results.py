"""What a notebook's cells record as results, whatever a kernel has put there."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.results.bounds import MOST, MOST_BYTES
from jupyter_notebook_sched.notebook.results.reading import results_of
from jupyter_notebook_sched.notebook.results.text import value_of

from ..written import code

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def shows(data: dict[str, Any], kind: str = "execute_result") -> dict[str, Any]:
    return {"output_type": kind, "metadata": {}, "data": data}


def prints(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def text(value: str, **more: str) -> dict[str, Any]:
    return shows({"text/plain": value, **more})


def cell(*outputs: dict[str, Any], source: str = "show()", tags: tuple[str, ...] = ("result",)) -> dict[str, Any]:
    return code(source, *tags) | {"outputs": list(outputs)}


def glued(name: Any, data: Any, kind: str = "json") -> dict[str, Any]:
    scrap = {"name": name, "data": data, "encoder": kind, "version": 1}
    return shows({f"application/scrapbook.scrap.{kind}+json": scrap}, "display_data")


def read(*outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return results_of([cell(*outputs, **more)])


@pytest.mark.parametrize(
    ("output", "results"),
    [
        (text("0.93"), {"result": 0.93}),
        (text("{'accuracy': 0.93, 'by class': {'a': 1}}"), {"accuracy": 0.93, "by class": {"a": 1}}),
        (text('{"accuracy": 0.93, "ok": true}'), {"accuracy": 0.93, "ok": True}),
        (
            text("{'accuracy': np.float64(0.93), 'n': np.int64(3), 'ok': np.True_}"),
            {"accuracy": 0.93, "n": 3, "ok": True},
        ),
        (text("[1, (2, None), {3}]"), {"result": [1, [2, None], [3]]}),
        (text("{1: 'a', (2, 3): 'b', None: 'c'}"), {"1": "a", "[2, 3]": "b", "null": "c"}),
        (text("'it is \\'text\\''"), {"result": "it is 'text'"}),
        (text("nan"), {"result": "NaN"}),
        (text("{'best': -inf, 'worst': inf}"), {"best": "-Infinity", "worst": "Infinity"}),
        (text("1e999"), {"result": "Infinity"}),
        (text("Decimal('1.50')"), {"result": "1.50"}),
        (text("[1] 0.93"), {"result": 0.93}),
        (text('[1] "a text of R"'), {"result": "a text of R"}),
        (text("<Figure size 640x480>", **{"image/png": "iVBO"}), {}),
        (text("   a  b\n0  1  2", **{"text/html": "<table>"}), {"result": "   a  b\n0  1  2"}),
        (text("<__main__.Thing object>"), {"result": "<__main__.Thing object>"}),
        (text("__import__('os').getcwd()"), {"result": "__import__('os').getcwd()"}),
        (text(""), {"result": ""}),
        (shows({"application/json": {"a": [1, 2]}, "text/plain": "<JSON>"}, "display_data"), {"a": [1, 2]}),
        (shows({"application/json": 5}), {"result": 5}),
        (shows({"text/plain": ["0.", "5"]}), {"result": 0.5}),
        (prints("0.93\n"), {"result": 0.93}),
        (prints("accuracy: 0.93\n"), {"result": "accuracy: 0.93"}),
        (prints("a warning", "stderr"), {}),
        (prints("  \n"), {}),
        (text("123456789012345678901234567890"), {"result": "123456789012345678901234567890"}),
    ],
)
def test_it_reads_what_a_cell_tagged_result_shows(output: dict[str, Any], results: dict[str, Any]) -> None:
    assert read(output) == results


def test_it_takes_what_is_shown_before_what_is_printed() -> None:
    assert read(prints("epoch 1\n"), text("{'loss': 0.5}")) == {"loss": 0.5}


def test_it_reads_a_dict_with_braces_that_are_wrong_python_as_text() -> None:
    assert read(text("{**{'a': 1}, 'b': 2}")) == {"result": "{**{'a': 1}, 'b': 2}"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("accuracy = 1\naccuracy", "accuracy"),
        ("f(x)", "result"),
        ("x\n\n  ", "x"),
        ("return", "result"),
        ("größe", "größe"),
    ],
)
def test_it_names_a_value_after_the_variable_that_is_shown(source: str, name: str) -> None:
    assert read(text("1"), source=source) == {name: 1}


def test_it_reads_several_cells_and_keeps_every_name_apart() -> None:
    cells = [cell(text("1"), source="n"), cell(text("{'n': 2}")), cell(text("3"), text("4"))]
    assert results_of(cells) == {"n": 1, "n 2": 2, "result": 3, "result 2": 4}


def test_it_reads_what_scrapbook_glues_in_any_cell() -> None:
    outputs = (glued("rmse", 0.5), glued("note", "ü", "text"), glued("many", {"a": [1, None]}), glued(5, 1))
    assert read(*outputs, tags=()) == {"rmse": 0.5, "note": "ü", "many": {"a": [1, None]}}


def test_it_reads_what_papermill_records() -> None:
    assert read(shows({"application/papermill.record+json": {"a": 1, "b": "x"}}, "display_data"), tags=()) == {
        "a": 1,
        "b": "x",
    }


def test_it_reads_nothing_in_other_cells() -> None:
    assert read(text("1"), prints("2"), tags=("results", "Result")) == {}
    assert results_of([{"cell_type": "markdown", "metadata": {"tags": ["result"]}, "source": "1"}]) == {}


def test_it_cuts_what_is_too_large_and_counts_what_does_not_fit() -> None:
    cut = read(text(repr("ü" * 50_000)))["result"]
    assert cut.endswith("…")
    assert len(cut.encode()) < 4096
    listed = read(shows({"application/json": {"list": list(range(9999)), "n": 1}}))
    assert listed["list"].startswith("[0, 1, 2")
    assert listed["n"] == 1
    many = read(shows({"application/json": {f"n{n}": "x" * 200 for n in range(1000)}}))
    assert list(many)[-1] == "…"
    assert many["…"] == f"{1000 - (len(many) - 1)} more did not fit"
    assert len(read(shows({"application/json": {f"n{n}": n for n in range(1000)}}))) == MOST + 1


def test_it_shortens_names() -> None:
    (name,) = read(shows({"application/json": {"n" * 999: 1}}))
    assert name == "n" * 100
    assert read(shows({"application/json": {" ": 1, "": 2}})) == {"result": 1, "result 2": 2}


@given(st.lists(st.tuples(st.text(), JSON), max_size=8))
def test_it_keeps_whatever_is_recorded_within_its_bounds(recorded: list[tuple[str, Any]]) -> None:
    kept = results_of([cell(*(glued(name, data) for name, data in recorded), tags=())])
    encoded = msgspec.json.encode(kept)
    assert len(encoded) <= MOST_BYTES
    assert json.loads(encoded, parse_constant=lambda name: pytest.fail(f"bare {name}")) == kept
    msgspec.msgpack.encode(kept)
    assert len(kept) == len(recorded) or "…" in kept


@given(JSON.filter(lambda value: not isinstance(value, float) or math.isfinite(value)))
def test_it_reads_the_way_python_writes_values(value: Any) -> None:
    def as_written(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: as_written(inner) for key, inner in value.items()}
        return [as_written(inner) for inner in value] if isinstance(value, list) else value

    assert repr(value_of(repr(value))) == repr(as_written(value)) or isinstance(value, str)


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 16_000, "[" * 8000 + "]" * 8000, "-" * 16_000 + "1", "{'a':" * 3000 + "1" + "}" * 3000, "9" * 16_000),
        *("a" + ".b" * 8000, "1+" * 8000 + "1", "\0", "'\\ud800'", "f(" * 5000, "lambda: 1", "x" * 100_000, "[1" * 9),
    ],
    ids=lambda text: text[:6],
)
def test_it_is_not_brought_down_by_text_that_looks_like_a_value(text: str) -> None:
    kept = read(prints(text))
    msgspec.msgpack.encode(kept)
    assert set(kept) <= {"result"}


@pytest.mark.parametrize(
    "odd",
    [
        {"output_type": "display_data"},
        {"output_type": "display_data", "data": []},
        {"output_type": "display_data", "data": {"application/scrapbook.scrap.json+json": "text"}},
        {"output_type": "display_data", "data": {"application/papermill.record+json": [1]}},
        {"output_type": "stream", "name": "stdout", "text": None},
        {"output_type": "stream", "name": "stdout", "text": ["a", 5]},
        {"output_type": "error", "ename": "E"},
        "no output at all",
        {},
    ],
)
def test_it_passes_over_outputs_that_are_none(odd: Any) -> None:
    kept = results_of([cell(odd), cell(text("1"), source="n")])
    assert kept["n"] == 1
