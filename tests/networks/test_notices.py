"""Mails to accounts: as each person chose, and never two for one thing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from networks.models import Notice, User
from networks.notices import choose, forget_old_notices, notify, send_daily
from tests.factories import UserFactory
from tests.poles.mails import mails

pytestmark = pytest.mark.django_db


def tell(*users: User, about: str = "essai/1", subject: str = "Une nouvelle") -> None:
    notify(
        users,
        about=about,
        subject=subject,
        path="/espace/",
        template="notice",
        context={"sentences": ["Une phrase."], "quoted": ""},
    )


def test_each_person_chooses() -> None:
    at_once, daily, none = UserFactory(), UserFactory(), UserFactory()
    choose(daily, "quotidien")
    choose(none, "aucun")
    tell(at_once, daily, none)
    assert [mail.to for mail in mails()] == [at_once.email]
    tell(daily, about="essai/2", subject="Une autre")
    assert send_daily() == 1
    (digest,) = (mail for mail in mails() if mail.to == daily.email)
    assert digest.subject == "Registre des PTCE\u00a0: 2 nouvelles"
    for part in (digest.text, digest.html):
        assert "Une nouvelle" in part
        assert "Une autre" in part
        assert "/espace/preferences/" in part
    assert send_daily() == 0


def test_never_two_mails_for_one_thing() -> None:
    one = UserFactory()
    tell(one, one)
    tell(one)
    assert len(mails()) == 1
    choose(one, "quotidien")
    tell(one)
    assert send_daily() == 0


def test_who_left_is_told_nothing() -> None:
    gone, daily, silent = UserFactory(is_active=False), UserFactory(), UserFactory()
    for one in (daily, silent):
        choose(one, "quotidien")
    tell(gone, daily, silent)
    User.objects.filter(pk=daily.pk).update(is_active=False)
    choose(silent, "aucun")
    assert send_daily() == 0
    assert mails() == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_was_told_long_ago_is_forgotten() -> None:
    tell(UserFactory())
    assert forget_old_notices() == 0
    Notice.objects.update(sent_at=timezone.now() - timedelta(days=200))
    assert forget_old_notices() == 1


def test_a_daily_mail_that_fails_is_not_lost(monkeypatch: Any) -> None:
    one = UserFactory()
    choose(one, "quotidien")
    tell(one)

    def fail(**_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("networks.notices.send_later", fail)
        with pytest.raises(RuntimeError):
            send_daily()
    assert send_daily() == 1


def test_the_command_says_what_it_did(capsys: Any) -> None:
    call_command("send_notices")
    assert "Courriels du jour : 0" in capsys.readouterr().out
