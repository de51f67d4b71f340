"""A comparison as it is asked for and answered: two files with what is known of them, JSON or a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ...domain.run import CellOutcome
from ...domain.times import on_the_clock
from ...errors import Invalid
from ..document import RUN_METADATA, Notebook, read_notebook
from .comparison import Comparison, Setting, compare, settings
from .sides import side_of
from .telling import ToldCell, ToldSetting, told, told_settings

if TYPE_CHECKING:
    from .page.document import SideFacts

LARGEST_AT_HAND = 256 * 1024
"""Bytes of both files together: what is larger would hold up a process that has something else to do."""

UNKNOWN_PACKAGES = "Package versions are recorded only for kernels of the scheduler's own Python, so none are compared."

CHANGED_FILE = "the file in the archive was changed after it was written, so this is not the record of what ran."


class AboutSide(msgspec.Struct, frozen=True, kw_only=True):
    """``title``: what it is, as a person would call it. ``at``: when it began, or was made. ``packages_recorded``: it
    says with which versions of packages it ran. ``intact``: whether the file is what was recorded; null where nothing
    was."""

    title: str
    run_id: str | None = None
    notebook: str | None = None
    source_version: str | None = None
    state: str | None = None
    at: datetime | None = None
    duration_seconds: float | None = None
    packages_recorded: bool = False
    intact: bool | None = None


class AskedSide(msgspec.Struct, frozen=True, kw_only=True):
    """``file``: where it is on disk; ``sha256``: what is on record for it. ``outcomes``: of the run's cells.
    ``parameters``: what the run was given."""

    about: AboutSide
    file: str
    sha256: str | None = None
    outcomes: list[CellOutcome] = []
    parameters: dict[str, Any] = {}


class AskedComparison(msgspec.Struct, frozen=True, kw_only=True):
    """``title``: of the page. ``sources_only``: outputs, injected cells, and whatever only a run has, are left out."""

    title: str
    left: AskedSide
    right: AskedSide
    sources_only: bool = False
    format: Literal["json", "html"] = "json"
    theme: Literal["light", "dark"] = "light"


class ComparisonAnswer(msgspec.Struct, frozen=True):
    """Two notebooks compared (API.md, *Runs*). ``metadata``: of the notebooks themselves. ``packages``: those that
    differ, where both sides recorded them. ``capped``: there is more than is told."""

    left: AboutSide
    right: AboutSide
    cells: list[ToldCell]
    metadata: list[ToldSetting]
    parameters: list[ToldSetting]
    packages: list[ToldSetting]
    capped: bool


def answered(asked: AskedComparison, left: bytes, right: bytes) -> Iterator[bytes]:
    """The pieces of the answer; ``left`` and ``right`` are the files' contents. Raises ``Invalid`` where one of them is
    no notebook."""
    mine, theirs = _read(asked.left, left), _read(asked.right, right)
    injected = not asked.sources_only
    comparison = compare(
        side_of(mine, injected, asked.left.outcomes),
        side_of(theirs, injected, asked.right.outcomes),
        outputs=not asked.sources_only,
    )
    parameters, packages = _beside_cells(asked, mine, theirs)
    abouts = [_seen(asked.left, left, mine), _seen(asked.right, right, theirs)]
    if asked.format == "html":
        return _page(asked, comparison, abouts, parameters, packages)
    return iter([_encoded(abouts, comparison, parameters, packages)])


def _read(side: AskedSide, raw: bytes) -> Notebook:
    try:
        return read_notebook(raw)
    except Invalid as error:
        if side.sha256 is None:
            raise Invalid(f"{side.about.title}: {error.message}", error.reason) from None
        raise Invalid(f"{side.about.title}: its file in the archive is damaged", error.reason) from None


def _seen(side: AskedSide, raw: bytes, notebook: Notebook) -> AboutSide:
    """What is known of it once it is read."""
    intact = None if side.sha256 is None else hashlib.sha256(raw).hexdigest() == side.sha256
    return msgspec.structs.replace(side.about, packages_recorded=_packages(notebook) is not None, intact=intact)


def _beside_cells(asked: AskedComparison, left: Notebook, right: Notebook) -> tuple[list[Setting], list[Setting]]:
    """The parameters, all of them, and the packages that differ."""
    if asked.sources_only:
        return [], []
    mine, theirs = _packages(left), _packages(right)
    packages = settings(mine, theirs) if mine is not None and theirs is not None else []
    return settings(asked.left.parameters, asked.right.parameters, same=True), packages


def _packages(notebook: Notebook) -> dict[str, Any] | None:
    """Versions by distribution, and Python's own; None where the notebook does not say."""
    recorded = notebook["metadata"].get(RUN_METADATA)
    packages = recorded.get("packages") if isinstance(recorded, dict) else None
    if not isinstance(recorded, dict) or not isinstance(packages, dict):
        return None
    return packages | {"Python": recorded.get("python")}


def _encoded(
    abouts: Sequence[AboutSide], comparison: Comparison, parameters: Sequence[Setting], packages: Sequence[Setting]
) -> bytes:
    cells = told(comparison)
    given, of_parameters = told_settings(parameters)
    versions, of_packages = told_settings(packages)
    capped = cells.capped or of_parameters or of_packages
    left, right = abouts
    answer = ComparisonAnswer(left, right, cells.cells, cells.metadata, given, versions, capped)
    return msgspec.json.encode(answer)


def _page(
    asked: AskedComparison,
    comparison: Comparison,
    abouts: Sequence[AboutSide],
    parameters: Sequence[Setting],
    packages: Sequence[Setting],
) -> Iterator[bytes]:
    # No page is made in the server's own process.
    from .page.document import Heading, page

    tables = (("Parameters", parameters), ("Package versions", packages))
    notes = _notes(abouts, packages, asked.sources_only)
    left, right = (_facts(about) for about in abouts)
    heading = Heading(asked.title, left, right, tables, notes)
    return (piece.encode() for piece in page(comparison, heading, asked.theme))


def _notes(abouts: Sequence[AboutSide], packages: Sequence[Setting], sources_only: bool) -> list[str]:
    notes = [f"{about.title}: {CHANGED_FILE}" for about in abouts if about.intact is False]
    if not sources_only and not all(about.packages_recorded for about in abouts):
        notes.append(UNKNOWN_PACKAGES)
    elif not sources_only and not packages:
        notes.append("Both ran with the same versions of all packages.")
    return notes


def _facts(about: AboutSide) -> SideFacts:
    from .page.document import SideFacts

    at = "" if about.at is None else on_the_clock(about.at, "seconds")
    lasted = "" if about.duration_seconds is None else f"{about.duration_seconds:.3g} s"
    version = "" if about.source_version is None else f"version {about.source_version[:12]}"
    return SideFacts(about.title, [about.notebook or "", about.state or "", at, lasted, version])
