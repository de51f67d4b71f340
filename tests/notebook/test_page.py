"""A notebook as a page: everything that can be shown, nothing that is loaded from elsewhere, whatever it holds."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.page import budget, texts
from jupyter_notebook_sched.notebook.page.facts import Facts
from jupyter_notebook_sched.notebook.page.rendering import page

from ..written import code, document, markdown

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LOADS = re.compile(r"""(?:src|href|data|action|poster)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""")


def shown(*cells: Any, metadata: dict[str, Any] | None = None, **facts: Any) -> str:
    """The page of a notebook with these cells."""
    notebook = document(*cells)
    notebook["metadata"] |= metadata or {}
    told = Facts(**{"title": "Daily", "state": "succeeded"} | facts)
    return "".join(page(json.dumps(notebook).encode(), told))


def body(*cells: Any, **more: Any) -> str:
    return shown(*cells, **more).partition("<main>")[2]


def with_outputs(*outputs: dict[str, Any], source: str = "show()", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return code(source, *tags) | {"outputs": list(outputs)}


def data(**kinds: Any) -> dict[str, Any]:
    """``text_plain="x"`` stands for ``text/plain``."""
    bundle = {name.replace("_", "/", 1).replace("_", "+"): value for name, value in kinds.items()}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def test_it_tells_first_what_run_it_is() -> None:
    made = shown(
        "1",
        title="Q1 <b>report</b>",
        state="failed",
        told="ZeroDivisionError: </p><script>alert(1)</script>",
        lines=[("Notebook", "r/daily.ipynb"), ("Due", "2026-03-29 07:00 UTC")],
        parameters=[("region", "<fr>"), ("limit", "[1, 2]")],
        failed_cell=0,
    )
    head, _, rest = made.partition("<main>")
    assert "<title>Q1 &lt;b&gt;report&lt;/b&gt; – failed</title>" in head
    assert "<h1>Q1 &lt;b&gt;report&lt;/b&gt;</h1>" in head
    assert "<script" not in head
    assert '<a href="#failed">' in head
    assert 'id="failed"' in rest
    for told in ("r/daily.ipynb", "2026-03-29 07:00 UTC", "&lt;fr&gt;", "[1, 2]"):
        assert told in head
    assert "was changed" not in head
    assert "was changed after the run" in shown("1", changed=True)


def test_it_loads_nothing_from_elsewhere() -> None:
    made = shown(
        markdown("# Title\n\n$x^2$ and\n\n$$\\sum_i x_i$$\n\n```mermaid\ngraph TD; A-->B\n```"),
        "print('code')",
        with_outputs(
            data(text_latex="$x$"),
            data(text_html="<table><tr><td>1</td></tr></table>"),
            data(image_svg_xml="<svg xmlns='http://www.w3.org/2000/svg'/>"),
            data(application_javascript="alert(1)", text_plain="<Javascript>"),
        ),
        metadata={"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}},
    )
    assert not LOADS.search(made)
    assert set(re.findall(r"https?://[\w./]+", made)) == {"http://www.w3.org/1998/Math/MathML"}
    assert "alert(1)" not in made
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', made)
    assert policy is not None
    assert html.unescape(policy[1]).startswith("default-src 'none'; img-src data:")
    assert made.index("Content-Security-Policy") < made.index("<style")


def test_it_shows_code_prose_formulas_and_outputs() -> None:
    made = body(
        markdown("## Part *one*\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n$\\frac{1}{2}$"),
        with_outputs(stream(["a", "b\n"]), stream("c <d>\n"), stream("oops\n", "stderr"), source="print('x')"),
        with_outputs(data(image_png=f"{DOT[:20]}\n{DOT[20:]}", text_plain="<Figure>")),
        with_outputs(data(text_html="<b>rich</b>", text_plain="plain")),
        with_outputs(data(text_markdown="*soft* $y$")),
    )
    assert "<h2>Part <em>one</em></h2>" in made
    assert "<td>1</td>" in made
    assert "<mfrac>" in made
    assert "ab\nc &lt;d&gt;" in made
    assert '<pre class="text stderr">oops' in made
    assert f'src="data:image/png;base64,{DOT}"' in made
    assert "<b>rich</b>" in made
    assert "plain" not in made
    assert "<em>soft</em>" in made
    assert "print" in made


@pytest.mark.parametrize("source", ["\\frac{", "\\left( x", "x" * 20_000, ""])
def test_a_formula_that_cannot_be_drawn_is_shown_as_it_is_written(source: str) -> None:
    assert texts.formula(source + " <", block=True).startswith(("<code", "<math"))
    assert "<script>" not in texts.formula(source + "<script>", block=False).replace("<mtext>", "")


def test_it_shows_what_a_terminal_would_show_at_the_end() -> None:
    assert texts.terminal("10%\r50%\r100%\nnext") == "100%\nnext"
    assert texts.terminal("a\r\nb\r\n") == "a\nb\n"
    assert texts.terminal("abc\x08\x08d\n\x08e") == "ad\ne"
    assert "ansi-red-fg" in texts.terminal("\x1b[31mred\x1b[0m <b>")
    assert "&lt;b&gt;" in texts.terminal("\x1b[31mred\x1b[0m <b>")


def test_it_hides_the_code_on_request_and_all_that_quotes_it() -> None:
    error = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "too small",
        "traceback": ["---> 3 key = 'SECRET'"],
    }
    cells = [
        markdown("# Report"),
        with_outputs(stream("result\n"), source="key = 'SECRET'"),
        code("silent = 'SECRET'"),
        with_outputs(error, source="check('SECRET')"),
    ]
    made = body(*cells, hide_code=True, failed_cell=3)
    assert "SECRET" not in made
    assert "Report" in made
    assert "result" in made
    assert "ValueError: too small" in made
    assert made.count("<section") == 3
    assert body(*cells).count("SECRET") == 4


def test_it_leaves_out_what_the_author_has_hidden() -> None:
    folded = with_outputs(stream("out-3\n"), source="source_3")
    folded["metadata"] = {"jupyter": {"source_hidden": True}}
    made = body(
        with_outputs(stream("out-1\n"), source="source_1", tags=("remove-cell",)),
        with_outputs(stream("out-2\n"), source="source_2", tags=("hide_input",)),
        folded,
        with_outputs(stream("out-4\n"), source="source_4", tags=("remove_output",)),
        with_outputs(stream("out-5\n"), source="source_5", tags=("remove-cell",)),
        failed_cell=4,
    )
    assert re.findall(r"source_\d", made) == ["source_4", "source_5"]
    assert re.findall(r"out-\d", made) == ["out-2", "out-3", "out-5"], "what failed is always shown"


WIDGETS = {
    "box": {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_text", "IPY_MODEL_bar", "IPY_MODEL_loop"]}},
    "text": {"model_name": "HTMLModel", "state": {"value": "<b>100%</b>"}},
    "bar": {"model_name": "FloatProgressModel", "state": {"min": 0.0, "value": 30.0, "max": 40.0}},
    "loop": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_loop"]}},
    "pick": {
        "model_name": "DropdownModel",
        "state": {"description": "Of:", "_options_labels": ["x", "<y>"], "index": 1},
    },
    "slide": {"model_name": "IntSliderModel", "state": {"description": "n", "value": 7}},
    "check": {"model_name": "CheckboxModel", "state": {"description": "on", "value": True}},
    "caught": {"model_name": "OutputModel", "state": {"outputs": [stream("caught\n")]}},
    "odd": {"model_name": "MapModel", "state": {"layers": []}},
}


def test_it_shows_widgets_as_they_were_last() -> None:
    views = [
        data(text_plain="at first") | {"data": {"application/vnd.jupyter.widget-view+json": {"model_id": name}}}
        for name in WIDGETS
    ]
    state = {"application/vnd.jupyter.widget-state+json": {"state": WIDGETS}}
    made = body(with_outputs(*views), metadata={"widgets": state})
    assert "<b>100%</b>" in made
    assert '<progress value="30.0" max="40.0">' in made
    assert "Of: &lt;y&gt;" in made
    assert "n 7" in made
    assert "on ☑" in made
    assert "caught" in made
    assert "a widget (Map)" in made
    assert "at first" not in made
    assert "as it was last" in made
    unkept = body(with_outputs(data(text_plain="0%") | {"data": {"text/plain": "0%", **views[0]["data"]}}))
    assert "0%" in unkept
    assert "Not shown in a page: application/vnd.jupyter.widget-view+json" in unkept


def test_it_says_that_a_script_from_elsewhere_is_missing() -> None:
    plotted = '<div></div><script src="https://cdn.plot.ly/plotly.min.js"></script>'
    assert "a script that pages do not load" in body(with_outputs(data(text_html=plotted)))
    both = body(with_outputs(data(text_html=plotted, image_png=DOT)))
    assert DOT in both
    assert "cdn" not in both
    assert "a script that pages do not load" not in body(with_outputs(data(text_html="<p>see require(x)</p>")))


def test_it_shows_head_and_tail_of_what_is_very_long() -> None:
    long = "first\n" + "x" * (3 * budget.MOST_TEXT) + "\nlast"
    made = body(with_outputs(stream(long)))
    assert len(made) < 1.2 * budget.MOST_TEXT
    assert "first\n" in made
    assert "\nlast" in made
    assert "characters are left out here" in made


def test_it_leaves_out_what_no_browser_could_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = budget.Budget(characters=1000, outputs=2)
    monkeypatch.setattr("jupyter_notebook_sched.notebook.page.cells.Budget", lambda: spent)
    picture = data(image_png="A" * 2000)
    made = body(with_outputs(picture, *(data(text_html=f"<i>{n}</i>") for n in range(4))))
    assert "Left out here: 2 KB of output" in made
    assert re.findall(r"<i>\d</i>", made) == ["<i>0</i>", "<i>1</i>"]
    assert made.count("Left out here") == 3


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"nbformat": 4, "cells": [1]}', b"\xff"])
def test_what_is_no_notebook_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        list(page(raw, Facts("x", "failed")))


def test_a_picture_of_a_cell_is_put_into_the_page() -> None:
    cell = markdown("![dot](attachment:dot.png) ![gone](attachment:gone.png)") | {"attachments": {}}
    assert "attachment:gone.png" in body(cell), "a missing one leaves the source to be read"
    cell = markdown("![dot](attachment:dot.png)") | {"attachments": {"dot.png": {"image/png": DOT}}}
    assert f"data:image/png;base64,{DOT}" in body(cell)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=10), inside, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(
    (
        *("text/plain", "text/html", "image/png", "image/svg+xml", "text/latex", "text/markdown", "application/json"),
        *("application/vnd.jupyter.widget-view+json", "x"),
    )
)
OUTPUTS = ANYTHING | st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "odd"])},
    optional=dict.fromkeys(("name", "text", "ename", "evalue", "traceback"), ANYTHING)
    | {"data": st.dictionaries(KINDS, ANYTHING | st.just({"model_id": "m"}), max_size=3) | ANYTHING},
)
MODEL = st.fixed_dictionaries(
    {},
    optional={
        "model_name": st.sampled_from(
            ["HBoxModel", "ImageModel", "IntProgressModel", "DropdownModel", "OutputModel", "X"]
        ),
        "state": st.dictionaries(
            st.sampled_from(["children", "value", "index", "_options_labels", "outputs", "description", "min", "max"]),
            ANYTHING | st.just(["IPY_MODEL_m"]),
        ),
        "buffers": ANYTHING,
    },
)


@settings(max_examples=80)
@given(st.lists(OUTPUTS, max_size=3), ANYTHING | MODEL, ANYTHING, ANYTHING)
def test_no_output_keeps_the_page_from_being_made(outputs: Any, model: Any, more: Any, tags: Any) -> None:
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"m": model}}}
    cell = code("x") | {"outputs": outputs, "metadata": {"tags": tags, "jupyter": more}}
    prose = markdown("![x](attachment:a)") | {"attachments": more}
    made = shown(cell, prose, metadata={"widgets": state, "language_info": more})
    assert made.rstrip().endswith("</html>")
