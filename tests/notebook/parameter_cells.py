"""Cells for these tests."""

from __future__ import annotations

from typing import Any

from jupyter_notebook_sched.notebook.document import Cell, code_cell
from jupyter_notebook_sched.notebook.parameters.editing import apply_edits, edits
from jupyter_notebook_sched.notebook.parameters.model import Json, Parameter, ReadParameters
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters


def parameters_cell(source: str) -> list[Cell]:
    return [code_cell(source, ["parameters"], "p")]


def read(source: str, language: str = "python") -> ReadParameters:
    return read_parameters(parameters_cell(source), language)


def only(source: str, language: str = "python") -> Parameter:
    """The one parameter of a cell about which there is nothing to tell."""
    found = read(source, language)
    assert found.problems == ()
    (parameter,) = found.parameters
    return parameter


def edited(source: str, values: dict[str, Json], language: str = "python") -> str:
    return apply_edits(source, edits(parameters_cell(source), language, values))


def right_hand_side(source: str, parameter: Parameter) -> str:
    assert parameter.range is not None
    units = source.encode("utf-16-le")
    return units[parameter.range[0] * 2 : parameter.range[1] * 2].decode("utf-16-le")


def notebook(*cells: Cell, **metadata: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
