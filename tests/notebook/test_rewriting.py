from __future__ import annotations

import json
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook import json_places
from jupyter_notebook_sched.notebook.document import read_notebook
from jupyter_notebook_sched.notebook.parameters.editing import Edit, apply_edits
from jupyter_notebook_sched.notebook.parameters.rewriting import rewrite_notebook

OLD = "# é\nregion = 'us'  # \u2028 Zürich\nn = 1\n"
NEW = "# é\nregion = 'fr'  # \u2028 Zürich\nn = 1\n"


def document(source: Any) -> dict[str, Any]:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ['# "source": ', "x"]},
        {
            "id": "b",
            "source": source,
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"source": "no", "tags": ["parameters"]},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["source\n", "cells"]}],
        },
        {"cell_type": "code", "id": "c", "metadata": {}, "source": [], "outputs": [], "execution_count": None},
    ]
    return {
        "metadata": {"cells": [{"source": "no"}], "z": 1.50, "a": [1, 2]},
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
    }


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def change(old: str, new: str) -> list[Edit]:
    """The one edit that makes ``new`` of ``old``, as short as it can be."""
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - first
    last = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    if old == new:
        return []
    return [Edit(0, units(old[:first]), units(old[: len(old) - last]), new[first : len(new) - last])]


def as_lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


STYLES: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 1, "ensure_ascii": True},
    {"indent": 4, "ensure_ascii": False},
    {"indent": "\t", "ensure_ascii": True},
    {"separators": (",", ":")},
    {},
]


@pytest.mark.parametrize("form", [str, as_lines])
@pytest.mark.parametrize("style", STYLES)
def test_it_writes_the_file_as_its_writer_would_have(style: dict[str, Any], form: Any) -> None:
    before, after = json.dumps(document(form(OLD)), **style), json.dumps(document(form(NEW)), **style)
    for ending in ("", "\n"):
        assert rewrite_notebook((before + ending).encode(), 1, change(OLD, NEW)) == (after + ending).encode()
        crlf = (before + ending).replace("\n", "\r\n").encode()
        assert rewrite_notebook(crlf, 1, change(OLD, NEW)) == (after + ending).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("form", [str, as_lines])
@pytest.mark.parametrize("style", STYLES)
@given(old=st.text('ab\n\r"\\é\u2028😀', max_size=12), new=st.text('ab\n\r"\\é\u2028😀', max_size=12))
def test_it_changes_nothing_but_the_source(style: dict[str, Any], form: Any, old: str, new: str) -> None:
    raw = json.dumps(document(form(old)), **style).encode()
    written = rewrite_notebook(raw, 1, change(old, new))
    expected = json.loads(raw)
    found = json.loads(written)
    assert isinstance(found["cells"][1]["source"], type(expected["cells"][1]["source"]))
    assert read_notebook(written)["cells"][1]["source"] == new
    expected["cells"][1]["source"] = found["cells"][1]["source"]
    assert found == expected
    assert rewrite_notebook(raw, 1, []) == raw
    place = raw.index(b'"source"', raw.index(b'"b"'))
    tail = raw[raw.index(b'"cell_type"', place) :]
    assert written[:place] == raw[:place]
    assert written.endswith(tail)


def test_it_keeps_odd_escapes_in_lines_that_do_not_change() -> None:
    raw = b'{"cells": [{"source": ["# \\u00e9 \\/\\n",  "x = 1\\n", "# \\u00E9"], "cell_type": "code"}], "nbformat": 4}'
    assert rewrite_notebook(raw, 0, [Edit(0, 10, 11, "2")]) == raw.replace(b"x = 1", b"x = 2")
    longer = rewrite_notebook(raw, 0, [Edit(0, 10, 11, "2\ny = 3")])
    assert longer == raw.replace(b'"x = 1\\n", ', b'"x = 2\\n",  "y = 3\\n", ')


def spelled(character: str, escaped: bool) -> str:
    """A character between quotes as another writer may have spelled it: escaped where there is no need."""
    found = character.encode("utf-16-be").hex().upper()
    plain = json.dumps(character, ensure_ascii=False)[1:-1]
    return "".join(f"\\u{found[at : at + 4]}" for at in range(0, len(found), 4)) if escaped else plain


texts = st.text('ab\n\r"\\/<é\u2028😀', max_size=8)
way = st.lists(st.booleans(), min_size=1, max_size=5).map(lambda ways: ways * 40)


@given(st.lists(texts, min_size=1, max_size=4), way, texts, st.data())
def test_it_spells_what_it_does_not_edit_as_it_was(
    lines: list[str], ways: list[bool], fresh: str, data: st.DataObject
) -> None:
    """Whatever is escaped, wherever the list is cut into items, and for the source as one text."""
    source = "".join(lines)
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    edit = Edit(0, units(source[:start]), units(source[:end]), fresh)
    parts = [spelled(*each) for each in zip(source, ways, strict=False)]
    expected = "".join([*parts[:start], *(spelled(each, False) for each in fresh), *parts[end:]])
    cuts = [0, *accumulate(map(len, lines))]
    several = ", ".join(f'"{"".join(parts[left:right])}"' for left, right in pairwise(cuts))
    for form in (f"[{several}]", f'"{"".join(parts)}"'):
        raw = f'{{"cells": [{{"source": {form}, "cell_type": "code", "é": 1}}], "nbformat": 4}}'
        changed = rewrite_notebook(raw.encode(), 0, [edit]).decode()
        place = changed.index("[", 2) + len('[{"source": ')
        shown = json_places.items(changed, place) if form[0] == "[" else [json_places.value_at(changed, place)]
        assert "".join(changed[item.start + 1 : item.end - 1] for item in shown) == expected
        assert read_notebook(changed.encode())["cells"][0]["source"] == apply_edits(source, [edit])


def test_it_fills_an_empty_source_in_the_style_of_the_file() -> None:
    before, after = document([]), document(as_lines(NEW))
    for indent in (1, None):
        raw = json.dumps(before, ensure_ascii=False, indent=indent).encode()
        assert (
            rewrite_notebook(raw, 1, [Edit(0, 0, 0, NEW)])
            == json.dumps(after, ensure_ascii=False, indent=indent).encode()
        )


def test_it_writes_half_a_surrogate_pair_as_an_escape() -> None:
    raw = json.dumps(document("é"), ensure_ascii=False).encode()
    assert read_notebook(rewrite_notebook(raw, 1, change("é", "\ud83d")))["cells"][1]["source"] == "\ud83d"


@pytest.mark.parametrize(
    ("raw", "index"),
    [
        (b"", 0),
        (b"[]", 0),
        (b"{}", 0),
        (b'{"cells": 3}', 0),
        (b'{"cells": []}', 0),
        (b'{"cells": [{"source": ""}]}', 1),
        (b'{"cells": ["x"]}', 0),
        (b'{"cells": [{}]}', 0),
        (b'{"cells": [{"source": "', 0),
        (b'{"cells": [{"source": "a"', 0),
        (b'{"cells"', 0),
        (b'{"cells":', 0),
        (b"{", 0),
        (b"\xff", 0),
        (b"[" * 100_000, 0),
    ],
)
def test_it_refuses_a_file_in_which_the_cell_cannot_be_found(raw: bytes, index: int) -> None:
    with pytest.raises(Invalid) as refused:
        rewrite_notebook(raw, index, [Edit(0, 0, 0, "x")])
    assert refused.value.reason == "notebook_unreadable"
