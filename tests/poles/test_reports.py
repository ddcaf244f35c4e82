"""Reports of the public: who is told, who answers, and what comes of each answer."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from poles.models import Pole, Report
from poles.reports import accept, duplicate, refuse, report, seen_by
from tests.factories import (
    CommuneFactory,
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    PoleFactory,
    ReportFactory,
    UserFactory,
)
from tests.poles.mails import mails

pytestmark = pytest.mark.django_db
MAILBOX = "passante@exemple.invalid"


def staff(region: Any, role: str = "responsable") -> Any:
    network = NetworkFactory()
    NetworkRegionFactory(network=network, region=region)
    return NetworkStaffFactory(
        network=network, **({} if role == "redacteur" else {"role": role})
    ).user


def network_of(user: Any) -> Any:
    return user.staff_positions.get().network


def test_the_managers_of_the_region_are_told() -> None:
    commune = CommuneFactory()
    manager, _ = staff(commune.region), staff(commune.region, "redacteur")
    staff(CommuneFactory(departement__region__code="95").region)
    made = report(ReportFactory.build(commune=commune, author_email=MAILBOX))
    (mail,) = mails()
    assert mail.to == manager.email
    assert f"/espace/signalements/{made.pk}/" in mail.text
    assert made.does in mail.text


def test_where_no_network_is_the_officers_are() -> None:
    officer = UserFactory(officer=True)
    report(ReportFactory.build(commune=CommuneFactory()))
    assert officer.email in [mail.to for mail in mails()]


def test_accepted_it_is_a_draft_with_what_was_said(mailoutbox: list[Any]) -> None:
    made = ReportFactory(
        name="Pôle signalé",
        planned=True,
        website="https://exemple.invalid/",
        source="https://journal.invalid/article vu hier",
        author_email=MAILBOX,
    )
    manager = staff(made.commune.region)
    PoleFactory(slug="pole-signale")
    pole = accept(made, by=manager, network=network_of(manager))
    pole.refresh_from_db()
    assert (pole.name, pole.slug, pole.record_state) == (
        "Pôle signalé",
        "pole-signale-2",
        "brouillon",
    )
    assert (pole.seat, pole.description, pole.website) == (made.commune, made.does, made.website)
    assert (pole.maturity, pole.reference_network) == ("projet", network_of(manager))
    assert "signalement" in pole.maturity_words
    assert sorted(pole.sources.values_list("url", flat=True)) == [
        "https://exemple.invalid/",
        "https://journal.invalid/article",
    ]
    event = Pole.pgh_event_model.objects.filter(pgh_obj_id=pole.pk).first()
    assert f"Signalement n° {made.pk}" in event.pgh_context.metadata["why"]
    (mail,) = mailoutbox
    assert mail.to == [MAILBOX]
    assert "une fiche est commencée" in mail.body
    # A draft has no page for them to see.
    assert "/poles/" not in mail.body
    made.refresh_from_db()
    assert (made.state, made.pole, made.decided_by) == ("acceptee", pole, manager)
    with pytest.raises(ValidationError, match="déjà reçu"):
        refuse(made, by=manager, reason="Trop tard")


def test_refused_or_known_the_author_is_told_why(mailoutbox: list[Any]) -> None:
    officer = UserFactory(officer=True)
    with pytest.raises(ValidationError, match="pourquoi"):
        refuse(ReportFactory(), by=officer, reason=" ")
    refuse(ReportFactory(author_email=MAILBOX), by=officer, reason="Ce n’est pas un pôle.")
    known = PoleFactory(slug="connu", published=True)
    duplicate(ReportFactory(author_email=MAILBOX), known, by=officer)
    refused, double = mailoutbox
    assert "Ce n’est pas un pôle." in refused.body
    assert "/poles/connu/" in double.body
    duplicate(ReportFactory(author_email=MAILBOX), PoleFactory(slug="secret"), by=officer)
    assert "secret" not in mailoutbox[-1].body


@pytest.mark.parametrize("role", ["redacteur", "elsewhere"])
def test_who_may_not_answer(role: str) -> None:
    made = ReportFactory()
    region = (
        made.commune.region
        if role == "redacteur"
        else CommuneFactory(departement__region__code="95").region
    )
    user = staff(region, role if role == "redacteur" else "responsable")
    for answered in (
        lambda: accept(made, by=user, network=network_of(user)),
        lambda: refuse(made, by=user, reason="Non"),
        lambda: duplicate(made, PoleFactory(published=True), by=user),
    ):
        with pytest.raises(PermissionDenied, match=r"signalement|responsable"):
            answered()
    made.refresh_from_db()
    assert made.state == "attente"
    assert (made in seen_by(user)) is (role == "redacteur")


def test_the_network_that_keeps_it_is_one_s_own() -> None:
    made = ReportFactory()
    manager, other = staff(made.commune.region), staff(made.commune.region)
    with pytest.raises(PermissionDenied, match="l’un des vôtres"):
        accept(made, by=manager, network=network_of(other))
    with pytest.raises(ValidationError, match="lequel"):
        accept(made, by=manager)
    assert accept(made, by=UserFactory(officer=True)).reference_network is None


def test_who_wrote_is_forgotten_after_twelve_months() -> None:
    for days in (364, 366):
        made = ReportFactory(name=f"Il y a {days}", author_name="Une voisine", author_email=MAILBOX)
        received = timezone.now() - timedelta(days=days)
        Report.objects.filter(pk=made.pk).update(created_at=received)
    ReportFactory(author_name="Une voisine")
    only_a_name = ReportFactory(name="Il y a longtemps", author_name="Un voisin")
    Report.objects.filter(pk=only_a_name.pk).update(created_at="2020-01-01T00:00Z")
    call_command("forget", "signalements", stdout=StringIO())
    kept = dict(Report.objects.exclude(author_name="").values_list("name", "author_email"))
    assert "Il y a 366" not in kept
    assert "Il y a longtemps" not in kept
    assert kept["Il y a 364"] == MAILBOX
    columns = {column.name for column in Report.pgh_event_model._meta.fields}
    assert not {"author_name", "author_email"} & columns
