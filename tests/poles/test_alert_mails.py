"""What alerts say, to whom, when; and that they say nothing when nothing changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from poles import alert_mails
from poles.models import Alert
from tests.breaking import as_server
from tests.factories import (
    CommuneFactory,
    DepartementFactory,
    MembershipFactory,
    PoleFactory,
    PoleThemeFactory,
    ThemeFactory,
)
from tests.poles.following import DAY, MAILBOX, change, following, known_for, night
from tests.poles.passing import backdate, backdate_change

pytestmark = pytest.mark.django_db


def test_nothing_new_nothing_sent(mailoutbox: list[Any]) -> None:
    pole = known_for(30)
    alert = following(pole=pole)
    assert "0 courriel(s), 1 sans rien à dire" in night()
    assert not mailoutbox
    alert.refresh_from_db()
    # The next mail tells from here on.
    assert timezone.now() - alert.told_until < timedelta(minutes=5)


def test_a_pole_that_changed(mailoutbox: list[Any], settings: Any) -> None:
    pole = known_for(30, name="Pôle <du> Val")
    following(pole=pole)
    following(pole=known_for(30))
    change(pole, recognition_reason="x", website="https://essais.invalid/", maturity="clos")
    MembershipFactory.create_batch(2, pole=pole)
    night()
    (mail,) = mailoutbox
    assert mail.to == [MAILBOX]
    assert mail.subject == "Pôle <du> Val\u00a0: la fiche a changé"
    assert "Le pôle est désormais indiqué clos." in mail.body
    assert "Mise à jour\u00a0: maturité, site internet, membres (2\u00a0ajouts)." in mail.body
    assert f"{settings.SITE_URL}/poles/{pole.slug}/" in mail.body
    assert "Pôle &lt;du&gt; Val" in mail.alternatives[0].content
    leaving = re.fullmatch(r"<(\S+/alertes/arreter/\S+/)>", mail.extra_headers["List-Unsubscribe"])
    assert leaving
    assert leaving[1] in mail.body
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_came_and_went_is_no_news(mailoutbox: list[Any]) -> None:
    pole = known_for(30, summary="Avant")
    following(pole=pole)
    change(pole, summary="Pendant")
    change(pole, summary="Avant")
    night()
    assert not mailoutbox


def test_what_was_told_is_not_told_again(mailoutbox: list[Any]) -> None:
    pole = known_for(30, summary="Avant")
    change(pole, summary="Il y a trois jours")
    backdate(pole, 3 * DAY)
    following(days=2, pole=pole)
    following(days=4, pole=pole, email="autre@exemple.invalid")
    night()
    assert [mail.to for mail in mailoutbox] == [["autre@exemple.invalid"]]


def test_drafts_say_nothing_and_a_publication_says_itself_alone(mailoutbox: list[Any]) -> None:
    theme = ThemeFactory()
    following(theme=theme)
    draft = PoleFactory()
    PoleThemeFactory(pole=draft, theme=theme)
    MembershipFactory(pole=draft)
    night()
    assert not mailoutbox
    Alert.objects.update(told_until=timezone.now() - DAY)
    draft.refresh_from_db()
    change(draft, record_state="publie", summary="Le voici")
    night()
    (mail,) = mailoutbox
    assert "Fiche ajoutée au registre." in mail.body
    assert "Mise à jour" not in mail.body


def test_an_archived_record_is_told_once(mailoutbox: list[Any]) -> None:
    pole = known_for(30)
    following(pole=pole)
    change(pole, record_state="archive", archive_reason="Doublon")
    night()
    assert "Fiche archivée" in mailoutbox[0].body


@pytest.mark.parametrize("at", ["commune", "departement", "region"])
def test_a_region_is_where_the_seat_is(at: str, mailoutbox: list[Any]) -> None:
    departement = DepartementFactory()
    seat = {
        "commune": lambda: CommuneFactory(departement=departement),
        "departement": lambda: departement,
        "region": lambda: departement.region,
    }[at]()
    here, theme = known_for(30, seat=seat), ThemeFactory()
    elsewhere = known_for(30, seat=CommuneFactory(departement=DepartementFactory()))
    nowhere = known_for(30)
    PoleThemeFactory(pole=here, theme=theme)
    backdate(here, 30 * DAY)
    here.refresh_from_db()
    following(region=departement.region)
    following(theme=theme, email="theme@exemple.invalid")
    following(region=departement.region, theme=ThemeFactory(), email="aucun@exemple.invalid")
    following(region=departement.region, theme=theme, email="deux@exemple.invalid")
    following(email="france@exemple.invalid")
    for pole in (here, elsewhere, nowhere):
        change(pole, summary="Autre")
    night()
    told = {mail.to[0]: re.findall(r"/poles/(\S+)/", mail.body) for mail in mailoutbox}
    assert told.pop("france@exemple.invalid") != [here.slug]
    assert told == {
        MAILBOX: [here.slug],
        "theme@exemple.invalid": [here.slug],
        "deux@exemple.invalid": [here.slug],
    }


@pytest.mark.parametrize(
    ("frequency", "days", "due"),
    [("jour", 0, False), ("jour", 1, True), ("semaine", 6, False), ("semaine", 7, True)],
)
def test_whose_day_it_is(
    frequency: str, days: int, due: bool, mailoutbox: list[Any], monkeypatch: Any
) -> None:
    pole = known_for(30)
    # Whatever the hours: a mail of Monday evening is followed by one of Tuesday morning.
    evening = timezone.localtime().replace(hour=22, minute=0) - days * DAY
    following(pole=pole, frequency=frequency)
    Alert.objects.update(told_until=evening)
    change(pole, summary="Autre")
    # What the transaction of this test writes bears the moment of its beginning.
    backdate_change(pole, evening + timedelta(minutes=1))
    tonight = timezone.localtime().replace(hour=23, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: tonight)
    monkeypatch.setattr(alert_mails, "settled_until", lambda: tonight)
    night()
    assert bool(mailoutbox) is due


def test_one_that_fails_stops_nobody_and_keeps_its_turn(
    mailoutbox: list[Any], monkeypatch: Any
) -> None:
    pole = known_for(30)
    first, second = following(pole=pole), following(pole=pole, email="deux@exemple.invalid")
    change(pole, summary="Autre")
    send = alert_mails.send_later

    def fail_for_the_first(**mail: Any) -> None:
        if mail["to"] == [MAILBOX]:
            raise ValueError
        send(**mail)

    monkeypatch.setattr(alert_mails, "send_later", fail_for_the_first)
    monkeypatch.setattr(alert_mails, "_BATCH", 1)
    with pytest.raises(CommandError, match="1 alerte"):
        night()
    assert [mail.to for mail in mailoutbox] == [["deux@exemple.invalid"]]
    untold = first.told_until
    first.refresh_from_db()
    assert first.told_until == untold
    monkeypatch.setattr(alert_mails, "send_later", send)
    night()
    assert [mail.to for mail in mailoutbox[1:]] == [[MAILBOX]]
    assert second.email == mailoutbox[0].to[0]


def test_a_long_list_is_cut(mailoutbox: list[Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(alert_mails, "_SHOWN", 2)
    theme = ThemeFactory()
    for _ in range(3):
        PoleThemeFactory(pole=PoleFactory(published=True), theme=theme)
    following(theme=theme)
    night()
    body = mailoutbox[0].body
    assert body.count("/poles/pole-d-essai") == 2
    assert f"Et 1 autre : http://localhost:8000/poles/?theme={theme.slug}" in body


def test_the_reading_costs_the_same_for_many_poles() -> None:
    def cost() -> int:
        Alert.objects.all().delete()
        following()
        with CaptureQueriesContext(connection) as captured:
            night()
        return len(captured)

    PoleFactory(published=True)
    few = cost()
    PoleFactory.create_batch(15, published=True)
    assert cost() == few


def test_what_is_still_being_written_waits() -> None:
    # Another connection is in a transaction: what it will write bears the moment of its beginning.
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT now()")
            began = cursor.fetchone()[0]
        # The pages see the transactions of their own account, which in tests is another.
        with as_server():
            assert alert_mails.settled_until() <= began
    finally:
        other.close()
