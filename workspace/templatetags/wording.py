"""Words marked: what went and what came is told to the ear and the eye, not by colour alone."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.wording import COME, GONE, SAME, Piece

register = template.Library()
# Of a long passage that did not change, only the ends are shown.
_LONGEST, _END = 240, 90
_MARKED = {
    GONE: (
        '{}<del class="words-gone"><span class="fr-sr-only">[retiré\u00a0: </span>{}'
        '<span class="fr-sr-only">] </span></del>'
    ),
    COME: (
        '{}<ins class="words-come"><span class="fr-sr-only">[ajouté\u00a0: </span>{}'
        '<span class="fr-sr-only">] </span></ins>'
    ),
}


@register.filter
def words(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as they read one after the other, what went before what came."""
    told = []
    before = Piece(SAME, "")
    for piece in pieces:
        if piece.kind == SAME:
            told.append(format_html("{}", _shortened(piece.text)))
        else:
            bare = piece.text.lstrip()
            # Two words that replace each other are not read as one.
            space = piece.text[: -len(bare)] if bare else ""
            space = space or (" " if before.kind == GONE else "")
            told.append(format_html(_MARKED[piece.kind], space, bare or piece.text))
        before = piece
    return mark_safe("".join(told))  # noqa: S308


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_END].rstrip()} […] {text[-_END:].lstrip()}"
