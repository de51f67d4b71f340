"""What a cell prints under one name, without the secrets in it, though other outputs come between their pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from .masking import Masking, Span, replaced, united
from .outputs import Output

BEFORE = -1
"""Where a secret that goes on at the beginning of what is kept has begun."""


@dataclass
class Piece:
    """``raw``: the end of what was printed into one output, as it was printed; ``shown``: what stands there of it.
    ``goes_on``: it begins within a secret whose mask stands there already."""

    output: Output
    raw: str
    shown: str = ""
    goes_on: bool = False


class Stream:
    """Keeps only what may be the beginning of a secret: all before it is in the outputs for good."""

    def __init__(self, masking: Masking) -> None:
        self._masking = masking
        self._pieces: list[Piece] = []
        self._covered = 0  # so many characters of what is kept belong to a secret that has been found

    def print(self, output: Output, text: str) -> None:
        """The text is in its output, and what it completes in all of them; but for what may become a secret."""
        if self._pieces and self._pieces[-1].output is output:
            self._pieces[-1].raw += text
        else:
            self._pieces.append(Piece(output, text))
        whole, spans = self._found()
        end = len(whole) - self._masking.pending(whole)
        for piece, start, stop in self._places():
            cut = min(max(end, start), stop)
            _write(piece, _part(whole, start, cut, spans, piece.goes_on), "")
            if cut > start:
                piece.raw, piece.goes_on = whole[cut:stop], any(first < cut < last for first, last in spans)
        self._covered = next((last - end for first, last in spans if first < end < last), 0)
        self._pieces = [piece for piece in self._pieces if piece.raw]

    def show(self) -> bool:
        """What was held back is in the outputs, too; if it does become a secret, it is taken away again. Whether
        anything has changed."""
        whole, spans = self._found()
        changed = False
        for piece, start, stop in self._places():
            shown = _part(whole, start, stop, spans, piece.goes_on)
            changed = changed or shown != piece.shown
            _write(piece, "", shown)
        return changed

    def _found(self) -> tuple[str, list[Span]]:
        whole = "".join(piece.raw for piece in self._pieces)
        spans = self._masking.spans(whole)
        return whole, united([(BEFORE, self._covered), *spans]) if self._covered else spans

    def _places(self) -> Iterator[tuple[Piece, int, int]]:
        stops = list(accumulate(len(piece.raw) for piece in self._pieces))
        return zip(self._pieces, [0, *stops], stops, strict=False)


def _write(piece: Piece, settled: str, shown: str) -> None:
    text = piece.output["text"]
    if settled or shown != piece.shown:
        piece.output["text"] = text[: len(text) - len(piece.shown)] + settled + shown
        piece.shown = shown


def _part(whole: str, start: int, stop: int, spans: list[Span], goes_on: bool) -> str:
    """That part of the text; each piece of a secret is masked by itself."""
    here = [
        (max(first, start) - start, min(last, stop) - start) for first, last in spans if first < stop and last > start
    ]
    return replaced(whole[start:stop], here, unmasked=1 if goes_on and here and here[0][0] == 0 else 0)
