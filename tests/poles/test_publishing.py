"""From draft to archive: who may, what is asked, what is kept and who is told."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from networks.models import StaffRole, User
from poles.models import Pole
from poles.publishing import (
    archive,
    discard,
    lacking,
    publish,
    refuse,
    restore,
    submit,
    take_as_reference,
    take_back,
)
from tests.factories import (
    MembershipFactory,
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    PoleFactory,
    UserFactory,
)
from tests.poles.mails import forget_mails, mails

pytestmark = pytest.mark.django_db


class Someone:
    """A whole draft and the people around it."""

    def __init__(self, **pole: Any) -> None:
        self.network = NetworkFactory()
        self.editor: User = NetworkStaffFactory(network=self.network).user
        self.manager: User = NetworkStaffFactory(network=self.network, role=StaffRole.MANAGER).user
        self.stranger: User = NetworkStaffFactory(role=StaffRole.MANAGER).user
        self.officer: User = UserFactory(officer=True)
        values = {"summary": "Un résumé", "coverage_words": "Le pays d’essai"} | pole
        self.pole: Pole = PoleFactory(reference_network=self.network, **values)
        MembershipFactory(pole=self.pole)
        self.pole.refresh_from_db()

    def state(self) -> str:
        return Pole.objects.get(pk=self.pole.pk).record_state


def test_from_draft_to_published_and_archived() -> None:
    them = Someone()
    submit(them.pole, by=them.editor, reason="Vu avec eux")
    assert them.state() == "soumis"
    publish(them.pole, by=them.manager)
    assert them.state() == "publie"
    archive(them.pole, by=them.officer, reason="Doublon")
    assert (them.state(), Pole.objects.get(pk=them.pole.pk).archive_reason) == (
        "archive",
        "Doublon",
    )
    restore(them.pole, by=them.officer, reason="Erreur")
    assert them.state() == "brouillon"
    steps = [(s.act, s.by, s.reason) for s in reversed(them.pole.record_steps.all())]
    assert steps == [
        ("soumission", them.editor, "Vu avec eux"),
        ("publication", them.manager, ""),
        ("archivage", them.officer, "Doublon"),
        ("reprise", them.officer, "Erreur"),
    ]


def test_a_refusal_says_why_and_to_whom() -> None:
    them = Someone()
    submit(them.pole, by=them.editor)
    with pytest.raises(ValidationError, match="pourquoi"):
        refuse(them.pole, by=them.manager, reason=" ")
    forget_mails()
    refuse(them.pole, by=them.manager, reason="Le siège est faux")
    assert them.state() == "brouillon"
    (mail,) = mails()
    assert mail.to == them.editor.email
    assert "à reprendre" in mail.subject
    assert "«\u00a0Le siège est faux\u00a0»" in mail.text
    assert "Le siège est faux" in mail.html
    assert f"/espace/poles/{them.pole.pk}/" in mail.text


def test_the_managers_are_told_of_what_waits_and_the_author_of_what_became_of_it() -> None:
    them = Someone()
    submit(them.pole, by=them.editor, reason="Vu avec eux")
    (mail,) = mails()
    assert mail.to == them.manager.email
    assert "attend sa publication" in mail.subject
    assert "«\u00a0Vu avec eux\u00a0»" in mail.text
    assert "/espace/preferences/" in mail.text
    forget_mails()
    publish(them.pole, by=them.manager)
    assert [mail.to for mail in mails()] == [them.editor.email]


def test_nobody_is_told_of_what_they_did() -> None:
    them = Someone()
    submit(them.pole, by=them.manager)
    publish(them.pole, by=them.manager)
    assert mails() == []


def test_officers_are_told_where_nobody_manages() -> None:
    them = Someone()
    them.manager.is_active = False
    them.manager.save()
    submit(them.pole, by=them.editor)
    assert {mail.to for mail in mails()} == {
        user.email for user in User.objects.filter(role__in=["agent", "administrateur"])
    }


def test_publishing_asks_for_little_and_lists_it() -> None:
    them = Someone(summary="", coverage_words="")
    them.pole.memberships.all().delete()
    assert len(lacking(them.pole)) == 3
    with pytest.raises(ValidationError) as caught:
        submit(them.pole, by=them.editor)
    assert len(caught.value.messages) == 3
    with pytest.raises(ValidationError):
        publish(them.pole, by=them.officer)
    assert them.state() == "brouillon"


ACTS: dict[str, tuple[str, set[str], Any]] = {
    "submit": ("brouillon", {"editor", "manager", "officer"}, submit),
    "publish": ("soumis", {"manager", "officer"}, publish),
    "refuse": ("soumis", {"manager", "officer"}, lambda p, by: refuse(p, by=by, reason="Motif")),
    "take_back": ("soumis", {"editor", "manager", "officer"}, take_back),
    "archive": ("publie", {"officer"}, lambda p, by: archive(p, by=by, reason="Motif")),
    "restore": ("archive", {"officer"}, lambda p, by: restore(p, by=by, reason="Motif")),
    "discard": ("brouillon", {"manager", "officer"}, discard),
}


@pytest.mark.parametrize("who", ["editor", "manager", "stranger", "officer"])
@pytest.mark.parametrize("name", ACTS)
def test_who_may(name: str, who: str) -> None:
    before, may, act = ACTS[name]
    them = Someone(record_state=before, archive_reason="Motif")
    if who in may:
        act(them.pole, by=getattr(them, who))
    else:
        with pytest.raises(PermissionDenied, match=r"\w+ .*\."):
            act(them.pole, by=getattr(them, who))
        assert them.state() == before


@pytest.mark.parametrize("name", ACTS)
def test_what_came_too_late_is_told(name: str) -> None:
    before, _, act = ACTS[name]
    other = "archive" if before != "archive" else "brouillon"
    them = Someone(record_state=other, archive_reason="Motif")
    with pytest.raises(ValidationError, match="changé d’état"):
        act(them.pole, by=them.officer)


def test_what_was_once_published_is_not_erased() -> None:
    them = Someone(record_state="publie")
    archive(them.pole, by=them.officer, reason="Motif")
    restore(them.pole, by=them.officer, reason="Motif")
    with pytest.raises(ValidationError, match="gardées telles"):
        discard(them.pole, by=them.officer)
    assert them.state() == "brouillon"


def test_a_manager_takes_in_charge_what_nobody_keeps_in_the_region() -> None:
    region = NetworkRegionFactory()
    one = NetworkStaffFactory(network=region.network, role=StaffRole.MANAGER).user
    pole = PoleFactory(seat=region.region, published=True)
    other = NetworkStaffFactory(role=StaffRole.MANAGER)
    with pytest.raises(PermissionDenied, match="des régions de son réseau"):
        take_as_reference(pole, other.network, by=other.user)
    take_as_reference(pole, region.network, by=one, reason="C’est chez nous")
    pole.refresh_from_db()
    assert pole.reference_network == region.network
    (step,) = pole.record_steps.all()
    assert (step.act, step.network, step.by) == ("prise-en-charge", region.network, one)
    with pytest.raises(PermissionDenied, match="déjà la charge"):
        take_as_reference(pole, region.network, by=one)
    with pytest.raises(ValidationError, match="déjà la charge"):
        take_as_reference(pole, region.network, by=UserFactory(officer=True))
