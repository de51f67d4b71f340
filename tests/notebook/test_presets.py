"""Presets in a notebook's metadata: read, checked, and written with every other byte of the file as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import canonical_source, read_notebook
from jupyter_notebook_sched.notebook.presets import Presets, checked, of_metadata, of_object, rewrite_presets

from .json_values import values as json_values

STYLES: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 1, "ensure_ascii": True},
    {"indent": 4, "ensure_ascii": False},
    {"indent": "\t", "ensure_ascii": True},
    {"separators": (",", ":")},
    {},
]
TWO: Presets = {"Größe": {"n": [1, {"k": None}], "m": {}}, "b": {"x": "é"}}
MORE: dict[str, dict[str, Any]] = {
    "none": {},
    "kernelspec": {"kernelspec": {"name": "python3", "é": "é"}},
    "between": {"a": 1, "z": {"presets": 1}},
    "ours": {"notebook_sched": {"debug_copy_of": "x"}, "z": 1},
    "unsorted": {"z": 1, "a": {}},
}


def document(metadata: dict[str, Any] | None) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "a", "metadata": {"presets": 1}, "source": ["é"], "outputs": []}
    told = {"cells": [cell], "nbformat": 4, "nbformat_minor": 5}
    if metadata is not None:
        told = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return told


def rewritten(raw: bytes, presets: Presets) -> bytes:
    return rewrite_presets(raw, read_notebook(raw)["metadata"], presets)


def with_presets(metadata: dict[str, Any], presets: Presets) -> dict[str, Any]:
    """As a writer would have it that sorts where names are sorted."""
    ours = {**metadata.get("notebook_sched", {}), "presets": presets}
    told = {**metadata, "notebook_sched": ours}
    return dict(sorted(told.items())) if list(metadata) == sorted(metadata) else told


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("metadata", MORE.values(), ids=MORE)
@pytest.mark.parametrize("style", STYLES)
def test_it_writes_the_file_as_its_writer_would_have(
    style: dict[str, Any], metadata: dict[str, Any], line_end: str
) -> None:
    before = (json.dumps(document(metadata), **style) + "\n").replace("\n", line_end).encode()
    after = (json.dumps(document(with_presets(metadata, TWO)), **style) + "\n").replace("\n", line_end).encode()
    assert rewritten(before, TWO) == after
    assert rewritten(after, {}) == before
    assert rewritten(after, TWO) == after


def test_it_makes_metadata_where_a_notebook_has_none() -> None:
    before = json.dumps(document(None), indent=1).encode()
    assert rewritten(before, TWO) == json.dumps(document({"notebook_sched": {"presets": TWO}}), indent=1).encode()
    assert rewritten(before, {}) == before


def test_it_leaves_the_layout_of_every_preset_that_does_not_change() -> None:
    metadata = '{ "x" : 1.50 ,"notebook_sched":{"presets" :{"a" : { "n":1.0 },\n"b":{"n": 2}} , "q": [ ]}}'
    raw = f'{{"cells": [], "metadata":   {metadata}\n,"nbformat": 4}}\n'.encode()
    assert rewritten(raw, {"a": {"n": 1}, "b": {"n": 2}}) == raw, "1 is 1.0"
    assert rewritten(raw, {"a": {"n": 1}, "b": {"n": 3}}) == raw.replace(b'{"n": 2}', b'{"n": 3}')
    assert rewritten(raw, {"b": {"n": 2}}) == raw.replace(b'"a" : { "n":1.0 },\n', b"")
    assert rewritten(raw, {"a": {"n": 1}}) == raw.replace(b',\n"b":{"n": 2}', b"")
    assert rewritten(raw, {}) == raw.replace(b'"presets" :{"a" : { "n":1.0 },\n"b":{"n": 2}} , ', b"")


names = st.text(min_size=1, max_size=6)
presets = st.dictionaries(names, st.dictionaries(names, json_values, max_size=2), max_size=4)


@given(presets, presets, presets, st.sampled_from(STYLES), st.booleans())
def test_it_changes_nothing_but_the_presets(
    before: Presets, between: Presets, after: Presets, style: dict[str, Any], sort: bool
) -> None:
    ours = {"notebook_sched": {"presets": before}} if before else {}
    raw = json.dumps(document(ours | {"z": 1}), sort_keys=sort, **style).encode()
    for wanted in (between, after):
        version = canonical_source(read_notebook(raw))
        raw = rewritten(raw, wanted)
        found = read_notebook(raw)
        assert of_metadata(found["metadata"])[0] == wanted
        assert ("notebook_sched" in found["metadata"]) == bool(wanted)
        assert found["metadata"]["z"] == 1
        assert canonical_source(found) == version, "no version of the notebook knows of presets"
    clean = {"z": 1} | ({"notebook_sched": {"presets": after}} if after else {})
    assert json.loads(raw) == document(clean)


ODD: list[tuple[Any, Presets, int]] = [
    ({}, {}, 0),
    ({"notebook_sched": None}, {}, 0),
    ({"notebook_sched": {}}, {}, 0),
    ({"notebook_sched": {"presets": None}}, {}, 0),
    ({"notebook_sched": {"presets": {}}}, {}, 0),
    ({"notebook_sched": 3}, {}, 1),
    ({"notebook_sched": [1]}, {}, 1),
    ({"notebook_sched": {"presets": [1]}}, {}, 1),
    ({"notebook_sched": {"presets": {"a": 1, "b": {"n": 2}, "c": None}}}, {"b": {"n": 2}}, 2),
]


@pytest.mark.parametrize(("metadata", "found", "problems"), ODD)
def test_it_tells_what_other_tools_left_in_the_place_of_presets(
    metadata: dict[str, Any], found: Presets, problems: int
) -> None:
    kept, told = of_metadata(metadata)
    assert (kept, len(told)) == (found, problems)
    assert all(sentence.endswith(".") for sentence in told)


@pytest.mark.parametrize("ours", [3, [1], "x", {"presets": [1]}, {"presets": "x"}])
def test_it_writes_over_nothing_that_is_not_its_own(ours: Any) -> None:
    raw = json.dumps(document({"notebook_sched": ours})).encode()
    with pytest.raises(Invalid) as refused:
        rewritten(raw, TWO)
    assert refused.value.reason == "presets_unreadable"


def test_it_leaves_entries_that_are_no_presets_as_they_are() -> None:
    stored = {"odd": 3, "a": {"n": 1}, "list": [1]}
    raw = json.dumps(document({"notebook_sched": {"presets": stored}})).encode()
    assert json.loads(rewritten(raw, {}))["metadata"]["notebook_sched"]["presets"] == {"odd": 3, "list": [1]}
    assert json.loads(rewritten(raw, {"odd": {}}))["metadata"]["notebook_sched"]["presets"] == {"odd": {}, "list": [1]}


def test_it_writes_presets_where_null_stands_in_their_place() -> None:
    for metadata in ({"notebook_sched": None}, {"notebook_sched": {"presets": None}}):
        raw = json.dumps(document(metadata)).encode()
        assert json.loads(rewritten(raw, TWO))["metadata"]["notebook_sched"] == {"presets": TWO}
        assert rewritten(raw, {}) == raw


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"": {}}, {"presets."}),
        ({"  \t": {}}, {"presets.  \t"}),
        ({"x" * 101: {}}, {f"presets.{'x' * 101}"}),
        ({"a\nb": {}}, {"presets.a\nb"}),
        ({"a": {}, " A": {}}, {"presets. A"}),
        ({"straße": {}, "STRASSE": {}}, {"presets.STRASSE"}),
        ({"a": 1, "b": [], "c": None, "d": {}}, {"presets.a", "presets.b", "presets.c"}),
        ({str(number): {} for number in range(101)}, {"presets"}),
        ({"a": {"n": "x" * 256 * 1024}}, {"presets"}),
        ({"a": {"n": json.loads("[" * 101 + "]" * 101)}}, {"presets.a"}),
    ],
)
def test_it_refuses_what_cannot_be_kept(sent: dict[str, Any], fields: set[str]) -> None:
    assert {error.field for error in checked(sent)[1]} == fields


def test_it_trims_names_and_takes_as_much_as_it_says() -> None:
    most = {f"{number:99d}!": {"n": json.loads("[" * 99 + "]" * 99)} for number in range(100)}
    kept, errors = checked({**most})
    assert errors == []
    assert set(kept) == {name.strip() for name in most}
    assert of_object(kept) == (kept, [])
