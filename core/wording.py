"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, COME = "same", "gone", "come"
# Beyond this, comparing word by word takes longer than a page may, and reads no better.
_MOST_WORDS = 3000
# Of two texts that share less, one replaces the other.
_LEAST_ALIKE = 0.35
_WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


@dataclass(frozen=True)
class Piece:
    """A part of two texts: in both (`SAME`), in the first alone (`GONE`), or in the second."""

    kind: str
    text: str


def marked(before: str, after: str) -> list[Piece]:
    """The pieces of both: without those that came they make ``before``, without the gone ``after``.

    >>> [(piece.kind, piece.text) for piece in marked("un pôle rural", "un pôle urbain")]
    [('same', 'un pôle'), ('gone', ' rural'), ('come', ' urbain')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    compared = SequenceMatcher(None, old, new, autojunk=False)
    if (
        len(old) + len(new) > _MOST_WORDS
        or compared.quick_ratio() < _LEAST_ALIKE
        or compared.ratio() < _LEAST_ALIKE
    ):
        return _pieces((GONE, before), (COME, after)) if before != after else [Piece(SAME, after)]
    pieces: list[Piece] = []
    for _, i, to_i, j, to_j in compared.get_opcodes():
        gone, come = "".join(old[i:to_i]), "".join(new[j:to_j])
        pieces += _pieces((SAME, gone)) if gone == come else _pieces((GONE, gone), (COME, come))
    return pieces


def _pieces(*parts: tuple[str, str]) -> list[Piece]:
    return [Piece(kind, text) for kind, text in parts if text]
