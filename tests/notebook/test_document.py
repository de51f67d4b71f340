from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import (
    cell_tags,
    code_cells,
    kernel_name,
    language,
    parameters_cell_index,
    read_notebook,
)


def encoded(**changes: Any) -> bytes:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []} | changes
    return json.dumps(document).encode()


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None} | more


def refusal(raw: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        read_notebook(raw)
    return refused.value


def test_it_joins_the_lines_of_a_source() -> None:
    read = read_notebook(encoded(cells=[code(["a = 1\n", "b = 2"], id="x"), code("c", id="y")]))
    assert [cell["source"] for cell in read["cells"]] == ["a = 1\nb = 2", "c"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"text"',
        b"not json",
        b"\xff\xfe{}",
        b'{"nbformat": 4, "cells": [], "metadata": {"x": NaN}}',
        b'{"nbformat": 4, "metadata": {}}',
        b'{"cells": [], "metadata": {}}',
        b'{"nbformat": true, "cells": []}',
        b'{"nbformat": 4, "nbformat_minor": "5", "cells": []}',
        b'{"nbformat": 3, "worksheets": 7}',
        encoded()[:-20],
        encoded(metadata=[]),
        encoded(cells={}),
        encoded(cells=["text"]),
        encoded(cells=[code(None)]),
        encoded(cells=[code(["a", 1])]),
        encoded(cells=[code("a", metadata=[])]),
        encoded(cells=[code("a", outputs={})]),
        encoded(cells=[{"cell_type": "spell", "source": "", "metadata": {}}]),
        b"[" * 100_000,
        b'{"nbformat": 4, "cells": [], "metadata": {"n": ' + b"9" * 5000 + b"}}",
    ],
    ids=range(22),
)
def test_it_refuses_what_is_no_notebook_and_says_what_to_do(raw: bytes) -> None:
    refused = refusal(raw)
    assert refused.reason == "notebook_unreadable"
    assert "restore it from a checkpoint" in refused.message


def test_it_names_the_place_where_the_json_breaks() -> None:
    assert "line 2, column 3" in refusal(b'{"nbformat": 4,\n  cells}').message


def test_it_refuses_a_format_newer_than_it_knows() -> None:
    assert refusal(encoded(nbformat=5)).reason == "notebook_too_new"


def test_it_upgrades_a_notebook_of_format_3() -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["x = 1\n", "x"],
                        "language": "python",
                        "outputs": [],
                        "metadata": {},
                    },
                ]
            }
        ],
    }
    raw = json.dumps(old).encode()
    read = read_notebook(raw)
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    assert [(cell["cell_type"], cell["source"]) for cell in read["cells"]] == [
        ("markdown", "# Title"),
        ("code", "x = 1\nx"),
    ]
    assert read == read_notebook(raw)


def test_it_imports_nbformat_for_old_formats_only() -> None:
    program = (
        "import sys; from jupyter_notebook_sched.notebook.document import read_notebook; "
        "from jupyter_notebook_sched.notebook.parameters import editing, injecting, schema, rewriting; "
        f"read_notebook({encoded(nbformat_minor=2, cells=[code('a')])!r}); "
        "print(sorted({'nbformat', 'jsonschema'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed == "[]\n"


def test_it_gives_every_cell_an_id_that_only_the_content_decides() -> None:
    cells = [
        code("a"),
        code("a"),
        code("b", id="kept"),
        code("c", id="kept"),
        code("d", id="no good!"),
        code("e", id=7),
    ]
    raw = encoded(nbformat_minor=2, cells=cells)
    read = read_notebook(raw)
    ids = [cell["id"] for cell in read["cells"]]
    assert len(set(ids)) == 6
    assert ids[2] == "kept"
    assert ids[1] == f"{ids[0]}-2"
    assert read["nbformat_minor"] == 5
    assert ids == [cell["id"] for cell in read_notebook(raw)["cells"]]
    below = read_notebook(encoded(cells=[code("new"), *cells]))
    assert [cell["id"] for cell in below["cells"]][1:] == ids


def test_it_reads_what_nbformat_takes_for_a_valid_notebook() -> None:
    import nbformat

    cells = [code("a"), {"cell_type": "markdown", "metadata": {}, "source": ["# T"]}]
    read = read_notebook(encoded(nbformat_minor=4, cells=cells))
    nbformat.validate(nbformat.from_dict(read))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("metadata", "fallback", "expected"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, None, "r"),
        ({"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "python"}}, "julia", "r"),
        ({"language_info": {"name": "Julia"}}, None, "julia"),
        ({"kernelspec": {"name": "x"}}, "R", "r"),
        ({"kernelspec": "odd", "language_info": 3}, None, "python"),
        ({}, None, "python"),
    ],
)
def test_it_knows_the_language(metadata: dict[str, Any], fallback: str | None, expected: str) -> None:
    assert language(read_notebook(encoded(metadata=metadata)), fallback) == expected


def test_it_knows_the_kernel() -> None:
    assert kernel_name(read_notebook(encoded(metadata={"kernelspec": {"name": "ir"}}))) == "ir"
    assert kernel_name(read_notebook(encoded(metadata={"kernelspec": {"name": 3}}))) is None
    assert kernel_name(read_notebook(encoded())) is None


def test_it_finds_the_first_code_cell_tagged_parameters() -> None:
    tagged = {"tags": ["x", "parameters"]}
    markdown = {"cell_type": "markdown", "metadata": tagged, "source": "parameters"}
    read = read_notebook(encoded(cells=[markdown, code("a"), code("b", metadata=tagged), code("c", metadata=tagged)]))
    assert parameters_cell_index(read["cells"]) == 2
    assert parameters_cell_index(read["cells"][:2]) is None
    assert [cell["source"] for cell in code_cells(read)] == ["a", "b", "c"]


@pytest.mark.parametrize("metadata", [{}, {"tags": None}, {"tags": "parameters"}, {"tags": {"parameters": 1}}, None])
def test_it_takes_odd_tags_for_none(metadata: Any) -> None:
    assert cell_tags({"metadata": metadata}) == []
