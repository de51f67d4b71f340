from __future__ import annotations

import pytest

from jupyter_notebook_sched.notebook.parameters.languages import known_as
from jupyter_notebook_sched.notebook.parameters.literals import LITERALS
from jupyter_notebook_sched.notebook.parameters.reading import READERS

from .parameter_cells import read


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("R", "r"),
        ("IR", "r"),
        ("Julia", "julia"),
        ("bash", "bash"),
        ("sh", "bash"),
        ("zsh", "bash"),
        ("PowerShell", "powershell"),
        ("pwsh", "powershell"),
        (".net-powershell", "powershell"),
        ("JavaScript", "javascript"),
        ("typescript", "typescript"),
        ("C#", "csharp"),
        ("F#", "fsharp"),
        (" Python ", "python"),
        ("OCaml", "ocaml"),
    ],
)
def test_it_knows_languages_by_the_names_that_kernels_give_them(told: str, language: str) -> None:
    assert known_as(told) == language


def test_it_writes_every_language_that_it_reads() -> None:
    assert READERS.keys() == LITERALS.keys()


def test_it_reads_a_cell_whatever_the_kernel_calls_its_language() -> None:
    assert read("$x = 5", ".net-PowerShell").parameters == read("$x = 5", "powershell").parameters
