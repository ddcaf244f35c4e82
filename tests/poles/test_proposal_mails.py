"""Whoever left an address is told what became of their words, and is then forgotten."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from poles.models import Proposal
from poles.proposals import MESSAGE, answer, propose
from poles.record import Change
from tests.factories import OrganisationFactory, PoleFactory, ProposalFactory, UserFactory

pytestmark = pytest.mark.django_db
MAILBOX = "passante@exemple.invalid"


def suggested(record: Any, *changes: Change, message: str = "", email: str = MAILBOX) -> Proposal:
    return propose(
        record,
        changes,
        origin="public",
        base_version=record.version,
        author_email=email,
        message=message,
    )


def test_what_is_kept_what_is_not_and_why(mailoutbox: list[Any]) -> None:
    pole = PoleFactory(name="Pôle <du> Val", slug="du-val", published=True)
    made = suggested(
        pole,
        Change("website", "", "https://exemple.invalid"),
        Change("founding_year", None, 2014),
        message="Membres\u00a0: la MJC",
    )
    assert not mailoutbox
    decided = {"website": True, "founding_year": False, MESSAGE: True}
    answer(made, decided, "Les statuts disent 2015.", by=UserFactory())
    (mail,) = mailoutbox
    assert mail.to == [MAILBOX]
    assert mail.subject == "Votre correction, Pôle <du> Val\u00a0: elle est retenue en partie"
    kept, _, refused = mail.body.partition("Non retenu")
    assert "- site internet : https://exemple.invalid" in kept
    assert "- année de création : 2014" in refused
    for words in ("Les statuts disent 2015.", "la MJC", "C’est pris en compte.", "/poles/du-val/"):
        assert words in mail.body
        assert words in mail.alternatives[0].content
    assert "Pôle &lt;du&gt; Val" in mail.alternatives[0].content


def test_of_an_organisation_too(mailoutbox: list[Any]) -> None:
    organisation = OrganisationFactory()
    made = suggested(organisation, Change("kind", "inconnu", "association"))
    answer(made, {"kind": False}, "C’est une coopérative.", by=UserFactory())
    assert "- nature : association" in mailoutbox[0].body
    assert organisation.get_absolute_url() in mailoutbox[0].body


def test_without_an_address_nobody_is_written_to(mailoutbox: list[Any]) -> None:
    made = suggested(PoleFactory(published=True), message="Un mot", email="")
    answer(made, {MESSAGE: True}, by=UserFactory())
    assert not mailoutbox


def test_what_is_undone_is_not_told(mailoutbox: list[Any]) -> None:
    pole = PoleFactory(published=True)
    made = suggested(pole, Change("website", "", "https://exemple.invalid"))
    type(pole).objects.filter(pk=pole.pk).update(website="https://autre.invalid")
    with pytest.raises(Exception, match="website"):
        answer(made, {"website": True}, by=UserFactory())
    assert not mailoutbox


def test_an_address_is_forgotten_after_twelve_months() -> None:
    kept, forgotten = [
        ProposalFactory(author_email=f"{days}@exemple.invalid") for days in (364, 366)
    ]
    for proposal, days in ((kept, 364), (forgotten, 366)):
        received = timezone.now() - timedelta(days=days)
        Proposal.objects.filter(pk=proposal.pk).update(created_at=received)
    told = StringIO()
    call_command("forget", "corrections", stdout=told)
    assert "corrections : 1 " in told.getvalue()
    kept.refresh_from_db()
    forgotten.refresh_from_db()
    assert (kept.author_email, forgotten.author_email) == ("364@exemple.invalid", "")
    # Nor is it in the history.
    events = Proposal.pgh_event_model.objects.filter(pgh_obj_id=forgotten.pk)
    assert not any("366@" in str(vars(event)) for event in events)
