"""Texts that a spreadsheet would take for formulas, and how they are kept from being so.

An apostrophe before them, as one types it in a cell; one more where the text has its own, so that
reading takes off exactly what writing put.
"""

import re

# The last four are what East Asian keyboards write for the first.
_TRIGGER = r"[=+\-@\t\r\n＝＋－＠]"
_DANGEROUS = re.compile(rf"'*{_TRIGGER}")
_MARKED = re.compile(rf"'+{_TRIGGER}")
_NEGATIVE_NUMBER = re.compile(r"-\d+([.,]\d+)?")


def guarded(text: str) -> str:
    """``text`` as it may stand in a CSV file.

    >>> guarded("=1+1"), guarded("-12,5"), guarded("+33 1"), guarded("'=1")
    ("'=1+1", '-12,5', "'+33 1", "''=1")
    """
    if _DANGEROUS.match(text) and not _NEGATIVE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def guarded_marks(text: str) -> str:
    """``text`` as it may stand in a cell that is a text by its type: only a mark is doubled."""
    return f"'{text}" if _MARKED.match(text) else text


def unguarded(text: str) -> str:
    """What either of them was given."""
    return text[1:] if _MARKED.match(text) else text
