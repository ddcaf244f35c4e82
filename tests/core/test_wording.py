"""Words marked: nothing of either text is lost, and what both share is not marked."""

import time

from hypothesis import given
from hypothesis import strategies as st

from core.wording import COME, GONE, SAME, marked

words = st.lists(st.sampled_from(["le", "pôle", "l’Île", ",", "\n", " ", "2024", "«\u00a0"]))
texts = st.builds(" ".join, words) | st.text(max_size=30)


@given(before=texts, after=texts)
def test_both_texts_are_found_again(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(p.text for p in pieces if p.kind != COME) == before
    assert "".join(p.text for p in pieces if p.kind != GONE) == after
    assert all(p.text for p in pieces)


@given(text=texts)
def test_what_did_not_change_is_not_marked(text: str) -> None:
    assert all(piece.kind == SAME for piece in marked(text, text))


def test_only_the_words_that_changed_are_marked() -> None:
    pieces = marked(
        "Le pôle réunit douze membres autour de l’alimentation.",
        "Le pôle réunit treize membres autour de l’alimentation durable.",
    )
    assert [(p.kind, p.text.strip()) for p in pieces if p.kind != SAME] == [
        (GONE, "douze"),
        (COME, "treize"),
        (COME, "durable"),
    ]


def test_texts_that_share_little_replace_each_other() -> None:
    pieces = marked("Une épicerie au centre du bourg", "Le réemploi des meubles")
    assert [p.kind for p in pieces] == [GONE, COME]


def test_long_texts_are_compared_in_time() -> None:
    before = " ".join(f"mot{n % 50}" for n in range(1400))
    after = " ".join(f"mot{n % 49}" for n in range(1400))
    start = time.process_time()
    marked(before, after)
    assert time.process_time() - start < 3
    longest = " ".join(f"mot{n}" for n in range(5000))
    assert [p.kind for p in marked(longest, longest + " fin")] == [GONE, COME]
