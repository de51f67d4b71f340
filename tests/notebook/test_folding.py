"""Notebooks for readers who want what the cells show."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.folding import folded

from ..written import document, markdown


@pytest.mark.parametrize("own", [{}, {"jupyter": None}, {"jupyter": "x"}, {"jupyter": {"outputs_hidden": True}}])
def test_it_folds_the_code_and_changes_nothing_else(own: dict[str, Any]) -> None:
    notebook = document("print('ü \\ud83d')", markdown("# Title"))
    notebook["cells"][0]["metadata"] = dict(own)
    made = json.loads(folded(json.dumps(notebook).encode(), "a.ipynb"))
    kept = own["jupyter"] if isinstance(own.get("jupyter"), dict) else {}
    assert made["cells"][0]["metadata"].pop("jupyter") == kept | {"source_hidden": True}
    notebook["cells"][0]["metadata"].pop("jupyter", None)
    assert made == notebook


@pytest.mark.parametrize(
    "raw", [b"", b"{torn", b"[]", b'{"cells": 1}', b'{"cells": [1]}', b'{"cells": [{}]}', b"[" * 9999]
)
def test_it_says_that_a_notebook_is_damaged(raw: bytes) -> None:
    with pytest.raises(Invalid, match=r"'a\.ipynb' in the archive is damaged") as refused:
        folded(raw, "a.ipynb")
    assert refused.value.reason == "notebook_unreadable"
