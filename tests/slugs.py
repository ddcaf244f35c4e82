"""What may stand in an address, said once more than in the models."""

from collections.abc import Callable
from contextlib import nullcontext

from django.db import models
from hypothesis import strategies as st

from tests.breaking import refused, undone, update

_ALLOWED = set("abcdefghijklmnopqrstuvwxyz0123456789")

slugs = st.one_of(
    st.text("abz059-", max_size=12),
    st.text("aé-_ A\n9", max_size=8),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)


def is_slug(text: str) -> bool:
    """Words of letters and digits, with one hyphen between two of them."""
    return all(word and set(word) <= _ALLOWED for word in text.split("-"))


def check_slugs(
    rule: str, make: Callable[[], models.Model], slug: str, column: str = "slug"
) -> None:
    """The database takes ``slug`` if it is one, and otherwise refuses it by ``rule``."""
    with undone():
        row = make()
        with nullcontext() if is_slug(slug) else refused(rule):
            update(row, **{column: slug})
