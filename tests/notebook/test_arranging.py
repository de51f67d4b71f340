"""Parameters cells made from assignments, parameters added and taken out."""

from __future__ import annotations

import ast
import keyword
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import Cell, cell_tags, code_cell
from jupyter_notebook_sched.notebook.parameters.arranging import Added, Wish, arrange
from jupyter_notebook_sched.notebook.parameters.making import Arranged
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters
from jupyter_notebook_sched.notebook.parameters.taking import Notebook, candidates

from .json_values import values as json_values

TAGGED = ["parameters"]


def cells_of(*sources: str | tuple[str, list[str]]) -> list[Cell]:
    """Code cells; a pair is a cell with tags."""
    pairs = [(each, []) if isinstance(each, str) else each for each in sources]
    return [code_cell(source, tags, f"c{number}") for number, (source, tags) in enumerate(pairs)]


def arranged(cells: list[Cell], language: str = "python", **wish: Any) -> list[tuple[str, bool]]:
    """The sources that come of it, and which one is the parameters cell."""
    done = arrange(cells, language, Wish(**wish)).cells(cells)
    return [(str(cell["source"]), "parameters" in cell_tags(cell)) for cell in done]


def refused(cells: list[Cell], language: str = "python", **wish: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        arrange(cells, language, Wish(**wish))
    assert all(error.message.endswith(".") for error in told.value.errors)
    return {error.field: error.message for error in told.value.errors}


def names(cells: list[Cell], language: str = "python") -> list[tuple[int, str]]:
    return [(found.cell, found.name) for found in candidates(Notebook.of(cells, language))]


def test_it_offers_the_plain_values_that_a_notebook_sets_once() -> None:
    cells = cells_of(
        "import os, pandas as pd\nfrom datetime import date\nalpha = 0.5",
        "df = pd.read_csv('x')\nrows = len(df)\ndata = df\nbase = 3\nbeta = base * alpha\nday = date(2026, 1, 1)\n",
        "total = 0\nfor i in range(3):\n    total += i\nhome = os.environ['HOME']\nmodel = Model(alpha=1)",
        "def f():\n    global counter\n    counter = 1\ncounter = 0\nx = y = 1\nif alpha: z = 1\na.b = 1\nn: int",
        ("skipped = 1", ["skip-execution"]),
        ("injected = 1", ["injected-parameters"]),
        ("tuned = 1", ["hide-input"]),
        "%%bash\nshell=1",
        "region: str = 'us'; print(region)\nlast = 1; \\\nmore = 2",
    )
    assert names(cells) == [
        (0, "alpha"),
        *[(1, name) for name in ("base", "beta", "day")],
        (2, "home"),
        (6, "tuned"),
        (8, "region"),
    ]


def test_it_offers_nothing_that_is_a_parameter_already_or_would_come_too_late() -> None:
    cells = cells_of("early = 1\nused = 2\nprint(used)", ("p = 1\nq = used", TAGGED), "p = 3\nlate = early + used")
    assert names(cells) == [(0, "early")]
    assert names(cells_of("a <- 1", ("p <- 1", TAGGED), "b <- 2"), "R") == [(2, "b")]


def test_it_tells_the_type_default_and_source_of_a_candidate() -> None:
    (found,) = candidates(Notebook.of(cells_of("# Rate\nalpha = 0.5  # a year"), "python"))
    assert (found.parameter.type, found.parameter.default) == ("number", 0.5)
    assert found.parameter.source == "alpha = 0.5  # a year"


@pytest.mark.parametrize(
    ("source", "name", "left", "taken"),
    [
        ("import x\na = 1\nb = 2", "a", "import x\nb = 2", "a = 1"),
        ("a = 1\nprint(a)", "a", "print(a)", "a = 1"),
        ("print()\na = 1", "a", "print()", "a = 1"),
        ("print()\na = 1\n", "a", "print()\n", "a = 1"),
        ("print()\n\na = 1\n", "a", "print()\n", "a = 1"),
        ("print()\n\na = 1\n\nb()", "a", "print()\n\nb()", "a = 1"),
        ("p()\na = [  # of\n  1,\n]  # more\nq()", "a", "p()\nq()", "a = [  # of\n  1,\n]  # more"),
        ("p()\n# help\n# more\na = 1\nq()", "a", "p()\nq()", "# help\n# more\na = 1"),
        ("p()\n# group\n\na = 1\nq()", "a", "p()\n# group\n\nq()", "a = 1"),
        ("# Parameters\na = 1\nq()", "a", "# Parameters\nq()", "a = 1"),
        ("# ------\na = 1\nq()", "a", "# ------\nq()", "a = 1"),
        ("# paths\na = 1  # one\nb = 2  # two", "a", "# paths\nb = 2  # two", "a = 1  # one"),
        ("# where\na = 1  # one\n\nb()", "a", "b()", "# where\na = 1  # one"),
        (
            "#@title Form\na = 1 #@param {type: 'integer'}\nq()",
            "a",
            "#@title Form\nq()",
            "a = 1 #@param {type: 'integer'}",
        ),
        ("a = 1; b = 2; c()  # x", "b", "a = 1; c()  # x", "b = 2"),
        ("b = 2; c()", "b", "c()", "b = 2"),
        ("c(); b = 2  # x", "b", "c()  # x", "b = 2"),
        ("c(); b = 2;", "b", "c();", "b = 2"),
        ("p()\r\na = 1\r\n\r\nq()", "a", "p()\r\n\r\nq()", "a = 1"),
        ("é = '😀'\n𝒳()\na = '''x\n\n'''\n", "a", "é = '😀'\n𝒳()\n", "a = '''x\n\n'''"),
    ],
)
def test_it_takes_a_statement_whole_and_leaves_the_rest_as_it_was(
    source: str, name: str, left: str, taken: str
) -> None:
    assert arranged(cells_of("import os", source), take=[(1, name)]) == [
        ("import os", False),
        (taken, True),
        (left, False),
    ]
    (found,) = (cell for cell, tagged in arranged(cells_of((source, TAGGED)), remove=[name]) if tagged)
    assert found == left


def test_it_just_tags_a_cell_of_which_everything_is_taken() -> None:
    cells = cells_of("import os", ("# all of\na = 1\n\nb = 2; c = 3  # it\n", ["x"]), "d = 4\nprint(d)")
    found = arrange(cells, "python", Wish(take=[(1, "c"), (1, "a"), (1, "b"), (2, "d")]))
    assert (found.tagged, found.place) == (1, None)
    assert [str(cell["source"]) for cell in found.cells(cells)][1:] == [
        "# all of\na = 1\n\nb = 2; c = 3  # it\nd = 4\n",
        "print(d)",
    ]
    assert arrange(cells_of("%%time\na = 1"), "python", Wish(take=[(0, "a")])).tagged is None


def test_it_appends_to_the_parameters_cell_where_there_is_one() -> None:
    cells = cells_of("import os", ("a = 1  # one", TAGGED), "# two\nb = 2\n\nprint(b)", "c = a + b; d()")
    assert arranged(cells, take=[(3, "c"), (2, "b")]) == [
        ("import os", False),
        ("a = 1  # one\n# two\nb = 2\nc = a + b", True),
        ("print(b)", False),
        ("d()", False),
    ]
    assert arranged(cells_of(("a = 1\r\n", TAGGED), "b = [\n 2]\n"), take=[(1, "b")]) == [
        ("a = 1\r\nb = [\r\n 2]\r\n", True),
        ("", False),
    ]


def test_it_brings_the_imports_that_a_moved_assignment_needs() -> None:
    source = "import os.path as p, sys\nfrom datetime import date as d, time\nday: 'd' = d(2026, 1, 2)\nx = p.join('a')"
    assert arranged(cells_of(source), take=[(0, "day"), (0, "x")])[0] == (
        "from datetime import date as d\nimport os.path as p\nday: 'd' = d(2026, 1, 2)\nx = p.join('a')",
        True,
    )
    above = cells_of("from datetime import date", "x = 1\nday = date(2026, 1, 2)")
    assert arranged(above, take=[(1, "day")])[1] == ("day = date(2026, 1, 2)", True)


def test_it_advises_to_take_only_what_is_offered() -> None:
    cells = cells_of("import pandas as pd", ("p = 1", TAGGED), "df = pd.read_csv('x')\nsize = len(df)")
    message = refused(cells, take=[(2, "size")])["take.0.name"]
    assert message.startswith("size needs df, which is set in cell 3 and is not offered as a parameter; leave size")


def test_it_takes_out_every_assignment_to_a_name_whatever_is_between_them() -> None:
    source = "x = 1  # é\nx += 1\ny = 2\nx: int = (3,\n 4)\nx = 5\n"
    assert arranged(cells_of((source, TAGGED)), remove=["x"])[0][0] == "x += 1\ny = 2\n"


def test_it_refuses_what_would_come_before_what_it_needs() -> None:
    cells = cells_of("import os", "base = 2\nalpha = base * 2\nprint()", "top = alpha + 1")
    assert refused(cells, take=[(1, "alpha")])["take.0.name"].endswith("which is set in cell 2; take base too.")
    assert refused(cells, take=[(2, "top"), (1, "base")]).keys() == {"take.0.name"}
    assert arranged(cells, take=[(2, "top")])[2] == ("top = alpha + 1", True)
    taken = [(2, "top"), (1, "alpha"), (1, "base")]
    assert arranged(cells, take=taken)[1] == ("base = 2\nalpha = base * 2\ntop = alpha + 1", True)
    down = cells_of("a = 1\nb = a\na = 2", ("p = 1", TAGGED))
    assert refused(down, take=[(0, "b")]).keys() == {"take.0.name"}


def test_it_refuses_what_is_no_plain_assignment() -> None:
    cells = cells_of("x = 1\nx = 2\ny: int\nz += 1\nif x: q = 1", ("p = 1", TAGGED), "p = 2", "def f(): pass; g = 1")
    asked = [(0, "x"), (0, "y"), (0, "z"), (0, "q"), (1, "p"), (2, "p"), (3, "g"), (9, "x"), (-1, "x"), (0, "gone")]
    assert refused(cells, take=asked).keys() == {
        *(f"take.{place}.name" for place in (0, 1, 2, 3, 5, 6, 9)),
        *(f"take.{place}.cell" for place in (4, 7, 8)),
    }
    assert refused(cells_of("a = 1"), take=[(0, "a"), (0, "a")]) == {"take.1.name": "a is asked for twice."}
    assert "take.0.name" in refused(cells_of("x <- f(1)"), "R", take=[(0, "x")])


def test_it_takes_out_every_assignment_to_a_name() -> None:
    cells = cells_of(("x = 1\ny = 2; x = 3\nz = [\n 1,\n]\n", TAGGED), "print(y)")
    assert arranged(cells, remove=["x"])[0] == ("y = 2\nz = [\n 1,\n]\n", True)
    assert arranged(cells, remove=["z", "x", "y", "x"])[0] == ("", True)
    assert arrange(cells, "python", Wish(remove=["x", "y"])).told == ["y is still used in cell 2."]
    assert refused(cells, remove=["x", "gone"]).keys() == {"remove.1"}
    assert refused(cells_of("x = 1"), remove=["x"]).keys() == {"remove.0"}
    for name in ("x", "y"):
        assert refused(cells_of(("x = 1; \\\ny = 2", TAGGED)), remove=[name]).keys() == {"remove.0"}


def test_it_says_who_still_needs_what_is_taken_out() -> None:
    cells = cells_of(("a = 1\nb = a + 1", TAGGED))
    assert arrange(cells, "python", Wish(remove=["a"])).told == ["a is still used in cell 1."]
    assert arrange(cells, "python", Wish(remove=["a", "b"])).told == []


@pytest.mark.parametrize(
    ("added", "written"),
    [
        (Added("a", "it's"), 'a = "it\'s"'),
        (Added("a", 1), "a = 1"),
        (Added("a", 1, "number"), "a = 1.0"),
        (Added("a", "NaN", "number"), 'a = float("nan")'),
        (Added("a", True), "a = True"),
        (Added("a", [1, {"k": None}]), 'a = [1, {"k": None}]'),
        (Added("a", {}), "a = {}"),
        (Added("a", None), "a = None"),
        (Added("a", None, "string"), 'a: "str | None" = None'),
        (Added("a", None, "date"), 'a: "date | None" = None'),
        (Added("a", "x", "any"), 'a: object = "x"'),
        (Added("a", "2026-01-02", "date"), "from datetime import date\na = date(2026, 1, 2)"),
        (
            Added("a", "2026-01-02T03:04:00", "datetime"),
            "from datetime import datetime\na = datetime(2026, 1, 2, 3, 4)",
        ),
        (Added("é", 1), "é = 1"),
    ],
)
def test_it_adds_a_parameter_as_its_type_says(added: Added, written: str) -> None:
    assert arranged(cells_of("print()"), add=[added]) == [(written, True), ("print()", False)]
    (found,) = read_parameters(cells_of((written, TAGGED)), "python").parameters
    assert found.type == (added.type or found.type)
    assert arranged(cells_of(("b = 1\n", TAGGED)), add=[added]) == [
        (f"b = 1\n{written}\n".replace("1\nfrom", "1\nfrom"), True)
    ]


@pytest.mark.parametrize(
    ("imports", "written"),
    [
        ("import datetime as dt", "a = dt.date(2026, 1, 2)"),
        ("from datetime import date as d, datetime", "a = d(2026, 1, 2)"),
        ("import datetime", "a = datetime.date(2026, 1, 2)"),
        ("from other import date", 'a = __import__("datetime").date(2026, 1, 2)'),
        ("date = 3", 'a = __import__("datetime").date(2026, 1, 2)'),
    ],
)
def test_it_makes_a_date_as_the_notebook_does(imports: str, written: str) -> None:
    cells = cells_of(imports, ("b = 1", TAGGED))
    assert arranged(cells, add=[Added("a", "2026-01-02", "date")])[1] == (f"b = 1\n{written}", True)


def test_it_puts_a_new_cell_where_the_code_begins() -> None:
    title: Cell = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Title"}
    assert arranged([title, *cells_of("import os")], add=[Added("a", 1)]) == [
        ("# Title", False),
        ("a = 1", True),
        ("import os", False),
    ]
    assert arranged([title, *cells_of(" \n", "x()")], add=[Added("a", 1)]) == [
        ("# Title", False),
        ("a = 1", True),
        ("x()", False),
    ]
    assert arranged([title], add=[Added("a", 1)]) == [("# Title", False), ("a = 1", True)]
    assert arranged([], add=[Added("a", 1)]) == [("a = 1", True)]
    assert arrange(cells_of("", "x()"), "python", Wish()) == Arranged()


def test_it_refuses_names_that_are_taken_or_are_none() -> None:
    cells = cells_of(("a = 1", TAGGED), "b = 2\nimport os")
    wanted = ["a", "b", "os", "class", "None", "1x", "a b", "", "a.b", "x\n", "ﬁ", "x" * 201, "c", "c"]
    found = refused(cells, add=[Added(name, 1) for name in wanted])
    assert found.keys() == {f"add.{place}.name" for place in range(len(wanted)) if place != 12}
    assert found["add.1.name"].startswith("b is set in cell 2 already")
    assert refused(cells, take=[(1, "b")], add=[Added("b", 1)]).keys() == {"add.0.name"}
    assert arranged(cells, remove=["a"], add=[Added("a", "x")])[0] == ('a = "x"', True)


def test_it_refuses_values_that_are_not_of_their_type() -> None:
    wrong = [
        Added("a", "x", "integer"),
        Added("b", 1, "string"),
        Added("c", "2026-13-01", "date"),
        Added("d", "\ud800"),
    ]
    assert refused([], add=wrong).keys() == {f"add.{place}.value" for place in range(4)}


def test_it_changes_nothing_in_a_cell_that_it_could_not_read_afterwards() -> None:
    assert refused(cells_of(('a = 1\nb = """torn', TAGGED)), add=[Added("c", 1)]) == {}
    with pytest.raises(Invalid):
        arrange(cells_of(("%%html\na=1", TAGGED)), "python", Wish(add=[Added("c", 1)]))


def test_it_arranges_a_cell_that_a_magic_makes_one_of_another_language() -> None:
    cells = cells_of(("%%R\na <- 1\nb <- 2\n", TAGGED), "x = 1", "%%R\nq <- 1")
    assert arranged(cells, remove=["a"], add=[Added("c", "x")])[0] == ('%%R\nb <- 2\nc <- "x"\n', True)
    assert names(cells) == []
    assert refused(cells, take=[(1, "x")]).keys() == {"take.0.name"}
    assert refused(cells, take=[(2, "q")]).keys() == {"take.0.cell"}


@pytest.mark.parametrize(
    ("language", "reserved"),
    [("R", "TRUE"), ("julia", "end"), ("javascript", "let"), ("scala", "val"), ("C#", "int"), ("F#", "let")],
)
def test_it_knows_the_reserved_words_of_each_language(language: str, reserved: str) -> None:
    assert refused(cells_of(), language, add=[Added(reserved, 1), Added("a b", 1)]).keys() == {
        "add.0.name",
        "add.1.name",
    }


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("R", "a <- 1  # one", "b <- c(1, 2)"),
        ("julia", "a = 1  # one", "b = [1, 2]"),
        ("bash", "a=1  # one", "b='x y'"),
        ("javascript", "let a = 1; // one", 'let b = "x";'),
        ("typescript", "let a: number = 1; // one", 'let b: string = "x";'),
        ("powershell", "$a = 1  # one", "$b = 'x'"),
        ("scala", "val a = 1  // one", 'val b = "x"'),
        ("C#", "int a = 1;  // one", 'var b = "x";'),
        ("F#", "let a = 1  // one", 'let b = "x"'),
    ],
)
def test_it_arranges_cells_of_other_languages(language: str, first: str, second: str) -> None:
    cells = cells_of("", f"{first}\nprint();\n{second}\n")
    assert names(cells, language) == [(1, "a"), (1, "b")]
    assert arranged(cells, language, take=[(1, "b"), (1, "a")]) == [
        ("", False),
        (f"{first}\n{second}", True),
        ("print();\n", False),
    ]
    tagged = cells_of((f"{first}\n{second}\n", TAGGED))
    assert arranged(tagged, language, remove=["a"]) == [(f"{second}\n", True)]
    made = arranged(tagged, language, add=[Added("c", "it's $x"), Added("n", 3)])[0][0]
    assert made.startswith(f"{first}\n{second}\n")
    found = {one.name: one.default for one in read_parameters(cells_of((made, TAGGED)), language).parameters}
    assert (found["c"], found["n"]) == ("it's $x", 3)


def test_it_says_what_language_it_cannot_write() -> None:
    with pytest.raises(Invalid) as told:
        arrange(cells_of("x = 1"), "brainfuck", Wish(add=[Added("a", 1)]))
    assert told.value.reason == "language_not_supported"


identifiers = st.from_regex(r"[a-eé][a-z0-9_]{0,3}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
parts = st.tuples(
    st.sampled_from(["", "# above\n", "\n", "\n# 😀 above\n", "import os\n", "print('x')\n", "\n\n", "print(); "]),
    st.sampled_from(["= 1", "= '''a\n# b\n'''", "= [\n 1,  # one\n]", ": int = 2", "= (1,)", "= 'é😀'"]),
    st.sampled_from(["\n", "  # Help\n", ";\n", "; print('y')\n"]),
)


@given(st.lists(identifiers, min_size=1, max_size=5, unique=True), st.data(), st.booleans())
def test_it_moves_any_of_them_and_loses_nothing(wanted: list[str], data: st.DataObject, tagged: bool) -> None:
    """What is taken is in the parameters cell with its value, what is not stays, and no piece of code is lost."""
    source = "".join(
        f"{above}{name} {right}{behind}"
        for name, (above, right, behind) in ((name, data.draw(parts)) for name in wanted)
    )
    chosen = data.draw(st.sets(st.sampled_from(wanted), min_size=1))
    cells = cells_of(*([("p = 0", TAGGED)] if tagged else []), source)
    place = len(cells) - 1
    before = {one.name: one.default for one in read_parameters(cells_of((source, TAGGED)), "python").parameters}
    done = arrange(cells, "python", Wish(take=[(place, name) for name in sorted(chosen)])).cells(cells)
    found = {one.name: one.default for one in read_parameters(done, "python").parameters}
    assert {name: found[name] for name in chosen} == {name: before[name] for name in chosen}
    everything = "\n".join(str(cell["source"]) for cell in done).removeprefix("p = 0" if tagged else "")
    assert read_all(everything) == before
    assert sorted(pieces_of(everything)) == sorted(pieces_of(source))


def read_all(source: str) -> dict[str, Any]:
    return {one.name: one.default for one in read_parameters(cells_of((source, TAGGED)), "python").parameters}


def pieces_of(source: str) -> list[str]:
    """Statements and comments, wherever they stand."""
    comments = [line[line.index("#") :] for line in source.splitlines() if "#" in line]
    return [*map(ast.unparse, ast.parse(source).body), *comments]


pieces = st.sampled_from(
    [
        *(
            "a = 1",
            "b = 2  # two",
            "c = [\n  3,\n]",
            "d = a",
            "e = b * 2 if b else 0",
            "import os",
            "f = os.sep",
            "a = 5",
        ),
        *(
            "from datetime import date",
            "day = date(2026, 1, 2)",
            "for a in (7, 8): pass",
            "def g(): return b",
            "h = g()",
        ),
        *(
            "i = 1; j = 2",
            "k = i; l = j;",
            "# comment",
            "",
            "del d",
            "m = [b for b in (1, 2)]",
            "n = (o := 4)",
            "o = 3",
        ),
    ]
)


@given(st.lists(st.lists(pieces, max_size=5), min_size=1, max_size=4), st.integers(0, 5), st.data())
def test_a_notebook_computes_the_same_after_assignments_were_moved(
    drawn: list[list[str]], tagged: int, data: st.DataObject
) -> None:
    cells = cells_of(*(("\n".join(cell), TAGGED if place == tagged else []) for place, cell in enumerate(drawn)))
    before = executed(cells)
    offered = names(cells)
    if before is None or not offered:
        return
    chosen = data.draw(st.lists(st.sampled_from(offered), min_size=1, unique=True))
    try:
        moved = arrange(cells, "python", Wish(chosen)).cells(cells)
    except Invalid:
        return
    assert executed(moved) == before


def executed(cells: Any) -> dict[str, Any] | None:
    """What the names are in the end; None where it fails."""
    found: dict[str, Any] = {}
    try:
        for cell in cells:
            exec(str(cell["source"]), found)
    except Exception:
        return None
    return {name: value for name, value in found.items() if isinstance(value, int | str | list) or name == "day"}


@given(identifiers, json_values)
def test_it_adds_any_value_and_reads_it_back(name: str, value: Any) -> None:
    done = arrange(cells_of("print()"), "python", Wish(add=[Added(name, value)])).cells(cells_of("print()"))
    (found,) = read_parameters(done, "python").parameters
    assert (found.name, found.expression) == (name, None)
    ast.parse(str(done[0]["source"]))
