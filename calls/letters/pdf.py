"""Tagged PDF (PDF/UA-1), written by typst from plain data: what is written is never markup."""

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst

from calls.letters.fields import paragraphs
from core.templatetags.french import day

_FOLDER = Path(__file__).parent
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{1000}")
_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_UNKNOWN = "\ufffd"
# A sign costs one more writing of the document: after so many, what no French text is made of (all
# but Latin, Greek, Cyrillic, punctuation and signs) is drawn as unknown at once.
_MOST_SIGNS = 8
_FOREIGN = re.compile("[^\x00-\u052f\u1e00-\u27bf\ufb00-\ufb06\ufffd]")


@cache
def _source(name: str) -> bytes:
    return (_FOLDER / f"{name}.typ").read_bytes()


def pdf_of(name: str, data: dict[str, Any]) -> bytes:
    """The document of ``<name>.typ``.

    A sign that no font of typst has (an emoji) would make it refuse the whole: it is drawn as
    unknown.
    """
    given = _inputs(data)
    tried = 0
    while True:
        try:
            # The fonts of typst itself alone: the same page on every machine.
            return typst.compile(
                _source(name),
                format="pdf",
                pdf_standards="ua-1",
                ignore_system_fonts=True,
                sys_inputs=given,
            )
        except typst.TypstError as error:
            given = _without_unknown(given, str(error))
            tried += 1
            if tried == _MOST_SIGNS:
                given = {"data": _FOREIGN.sub(_UNKNOWN, given["data"])}


def pages_of(name: str, data: dict[str, Any], ppi: int = 72) -> list[bytes]:
    """Its pages as images (PNG)."""
    found: Any = typst.compile(
        _source(name), format="png", ppi=ppi, ignore_system_fonts=True, sys_inputs=_inputs(data)
    )
    return found if isinstance(found, list) else [found]


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(_drawable(data), ensure_ascii=False)}


def _drawable(value: Any) -> Any:
    """Without what no page can show; typst stops at a word of 65,536 bytes."""
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_drawable(each) for each in value]
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", _CONTROLS.sub(" ", value))
    return value


def _without_unknown(given: dict[str, str], error: str) -> dict[str, str]:
    """Less the sign that the error names; raises the error if it is about something else."""
    found = _NOT_DRAWN.search(error)
    sign = _ESCAPED.sub(lambda each: chr(int(each[1], 16)), found[1]) if found else ""
    if not sign or sign not in given["data"]:
        raise
    return {"data": given["data"].replace(sign, _UNKNOWN)}


def letter_data(
    *, sender: str, recipient: Sequence[str], subject: str, body: str, written_on: date
) -> dict[str, Any]:
    return {
        "sender": sender,
        "recipient": list(recipient),
        "subject": subject,
        "body": paragraphs(body),
        "day": day(written_on),
        "date": [written_on.year, written_on.month, written_on.day],
    }
