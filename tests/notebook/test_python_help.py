from __future__ import annotations

import pytest

from .parameter_cells import only, read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# The region\nx = 1", "The region"),
        ("# The region\n# to report on.\nx = 1", "The region to report on."),
        ("#The region\nx = 1", "The region"),
        ("# Above\nx = 1  # Behind", "Behind"),
        ("#: For Sphinx\nx = 1", "For Sphinx"),
        ("x = 1  #: For Sphinx", "For Sphinx"),
        ("# Above\n\nx = 1", None),
        ("# Far above\n\n# Above\nx = 1", "Above"),
        ("# ---- Section ----\nx = 1", None),
        ("# ---- Section ----\n# Above\nx = 1", "Above"),
        ("#" * 20 + "\n# Section\n" + "#" * 20 + "\nx = 1", None),
        ("# === x ===\nx = 1", None),
        ("# %% cell\nx = 1", None),
        ("# Parameters\nx = 1", None),
        ("# papermill parameters:\nx = 1", None),
        ("# Above\n# x = 5\nx = 1", "Above"),
        ("# x = 5\nx = 1", None),
        ("# print(x)\nx = 1", None),
        ("# The share (0 = none)\nx = 1", "The share (0 = none)"),
        ("y = '''\n# not this\n'''\nx = 1", None),
        ("y = [  # nor this\n]\nx = 1", None),
        ("# of y\ny = 1; x = 1", None),
        ("x = 1\n'What it is'", "What it is"),
        ('x = 1\n"""\n    What it is,\n    at length.\n"""', "What it is, at length."),
        ("x = 1\n\n'Something else'", None),
        ("x = 1  # Behind\n'Below'", "Behind"),
        ("# Above\nx = 1\n'Below'", "Below"),
        ("x = 1\nf'{y}'", None),
        ("x = 1  # noqa: E501", None),
        ("x = 1  # Help  # noqa: E501", "Help"),
        ("x = 1  # type: ignore[misc]  # Help", "Help"),
        ("x = 1  # pylint: disable=invalid-name", None),
        ("x: Annotated[int, Field(description='Described')] = 1", "Described"),
        ("x: Annotated[int, 'Described'] = 1", "Described"),
        ("x: Annotated[int, Doc('Described')] = 1  # Behind", "Behind"),
        ("# Above\nx: int", "Above"),
        ("x = (  # inside\n    1\n)", None),
        ("# Größe 😀\nx = 1", "Größe 😀"),
        ("    # indented\nx = 1", "indented"),
    ],
)
def test_it_takes_help_from_the_comments_around_a_value(source: str, expected: str | None) -> None:
    (found,) = [parameter for parameter in read(source).parameters if parameter.name == "x"]
    assert found.help == expected


@pytest.mark.parametrize(
    ("comment", "type_", "items", "help"),
    [
        ("type: Dict[str, int]  How many", "object", None, "How many"),
        ("type: int | None", "integer", None, None),
        ("type: List[ str ] # Names", "array", "string", "Names"),
        ("type:int", "integer", None, None),
        ("type: what ever", "any", None, "ever"),
        ("types of things", "any", None, "types of things"),
        ("type: 'Optional[str]' Text", "string", None, "Text"),
    ],
)
def test_it_tells_a_type_comment_from_the_help_behind_it(
    comment: str, type_: str, items: str | None, help: str | None
) -> None:
    found = only(f"x = None  # {comment}")
    assert (found.type, found.items, found.help) == (type_, items, help)


def test_it_takes_the_annotation_over_the_type_comment() -> None:
    found = only("a: float = 2.258 # type: int Nice variable a")
    assert (found.type, found.help) == ("number", "Nice variable a")
