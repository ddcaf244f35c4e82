"""Text as it is compared: the Python twin of the database's ``core_normalise``."""

import re
import unicodedata
from collections.abc import Collection

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


def slug_of(name: str, taken: Collection[str], limit: int = 110) -> str:
    """An address made of the name, the first of its kind not yet taken."""
    base = normalise(re.sub(r"\s*\([^)]*\)", "", name)) or normalise(name)
    base = base.replace(" ", "-")[:limit].strip("-") or "sans-nom"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
