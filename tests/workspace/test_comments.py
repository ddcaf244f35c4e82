"""Comments on a section: between those who keep the record, mailed to those concerned."""

from typing import Any

import pytest

from poles.models import Comment
from tests.html import assert_clean_html
from tests.keeping_factories import CommentFactory
from tests.poles.mails import forget_mails, mails
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db


def section(them: Kept) -> str:
    return f"/espace/poles/{them.pole.pk}/identite/"


def test_a_comment_is_shown_and_mailed_then_settled() -> None:
    them = kept()
    editor, manager = signed_in(them.editor), signed_in(them.manager)
    words = "Ce téléphone est celui de <la> mairie"
    response = editor.post(f"{section(them)}commenter/", {"text": f" {words} "}, follow=True)
    html = response.content.decode()
    assert_clean_html(html)
    assert "Ce téléphone est celui de &lt;la&gt; mairie" in html
    (mail,) = mails()
    assert mail.to == them.manager.email
    assert words in mail.text
    assert f"{section(them)}#commentaires" in mail.text
    assert words.partition("<")[0] in manager.get(f"/espace/poles/{them.pole.pk}/").content.decode()
    forget_mails()
    found = Comment.objects.get()
    closing = f"/espace/commentaires/{found.pk}/regler/"
    response = manager.post(closing, {"answer": "Corrigé"}, follow=True)
    html = response.content.decode()
    assert_clean_html(html)
    assert "Commentaires réglés" in html
    assert "Corrigé" in html
    (mail,) = mails()
    assert (mail.to, "Corrigé" in mail.html) == (them.editor.email, True)
    again = editor.post(closing, {"answer": "Encore"})
    assert "déjà réglé" in again.content.decode()
    assert "Encore" in again.content.decode()
    found.refresh_from_db()
    assert (found.answer, found.closed_by) == ("Corrigé", them.manager)


def test_others_who_comment_the_same_section_are_told_once() -> None:
    them = kept()
    CommentFactory(pole=them.pole, author=them.editor)
    CommentFactory(pole=them.pole, author=them.editor)
    CommentFactory(pole=them.pole, author=them.manager, section="lieu")
    signed_in(them.officer).post(f"{section(them)}commenter/", {"text": "Et le mien"})
    assert [mail.to for mail in mails()] == sorted([them.editor.email, them.manager.email])


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001], ids=["none", "spaces", "long"])
def test_what_is_typed_is_never_lost(text: str) -> None:
    them = kept()
    response = signed_in(them.editor).post(f"{section(them)}commenter/", {"text": text})
    html = response.content.decode()
    assert_clean_html(html)
    assert "fr-error-text" in html
    assert text.strip() in html
    assert not Comment.objects.exists()


def test_strangers_neither_read_nor_write() -> None:
    them = kept(record_state="publie")
    CommentFactory(pole=them.pole, text="Entre nous")
    stranger = signed_in(them.stranger)
    for path in (section(them), f"/espace/poles/{them.pole.pk}/"):
        assert "Entre nous" not in stranger.get(path).content.decode()
    response = stranger.post(f"{section(them)}commenter/", {"text": "Bonjour"})
    assert response.status_code == 403
    closing = f"/espace/commentaires/{Comment.objects.get().pk}/regler/"
    assert stranger.post(closing).status_code == 403
    assert Comment.objects.get().closed_at is None
    assert stranger.post(f"/espace/poles/{them.pole.pk}/danse/commenter/").status_code == 404


def test_many_comments_cost_what_one_does(django_assert_max_num_queries: Any) -> None:
    them = kept()
    client = signed_in(them.editor)
    for more in (1, 30):
        CommentFactory.create_batch(more, pole=them.pole)
        for path in (section(them), f"/espace/poles/{them.pole.pk}/"):
            with django_assert_max_num_queries(MAX_STATEMENTS):
                client.get(path)
