"""Text as it is compared: the Python twin of the database's ``core_normalise``."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"}
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SAINT = re.compile(r"\bst(e?)\b")


def normalise(text: str) -> str:
    """Lower case, without accents or punctuation, one space between words, "st" read as "saint".

    >>> normalise("L'Île-Saint-Denis")
    'l ile saint denis'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SAINT.sub(r"saint\1", _NOT_WORD.sub(" ", bare.lower()).strip())
