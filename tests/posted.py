"""What anyone may send to a form: what was asked, anything else, and all that lies between."""

from typing import Any

from django.core import signing
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
ADDRESSES = st.one_of(
    st.sampled_from(
        ["moi@exemple.fr", "Moi@Exemple.fr", "\u017foi@exemple.fr", "moi@é.fr", "moi@", "@"]
    ),
    st.emails(),
    TEXT,
)


def moments(purpose: str) -> st.SearchStrategy[str]:
    """Hidden moments of a form: genuine ones of any age, and others."""
    signer = signing.Signer(salt=f"core.public_forms.{purpose}")
    return st.one_of(
        st.sampled_from([1.0, 1_764_000_000.0, 4e9, float("inf"), float("nan")]).map(
            lambda moment: signer.sign(f"{moment:.1f}")
        ),
        TEXT,
    )


def posted(**fields: st.SearchStrategy) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, each with one of its values or with anything."""
    return st.fixed_dictionaries(
        {}, optional={name: st.one_of(values, TEXT) for name, values in fields.items()}
    )
