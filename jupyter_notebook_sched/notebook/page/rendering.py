"""The page as a whole, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, PackageLoader

from ..document import read_notebook
from .cells import shown_cells
from .facts import Facts
from .texts import code_style


def page(raw: bytes, facts: Facts) -> Iterator[str]:
    """The HTML of the notebook in these bytes. Invalid where they are none."""
    notebook = read_notebook(raw)
    environment = Environment(loader=PackageLoader(__package__, ""), autoescape=True)
    style = environment.get_template("page.css").render()
    template = environment.get_template("page.html.j2")
    yield from template.generate(facts=facts, cells=shown_cells(notebook, facts), style=style + code_style())
