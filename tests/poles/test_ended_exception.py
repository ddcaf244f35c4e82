"""An exception that has ended, before the night has moved its pole, is in nobody's way."""

from datetime import timedelta

import pytest
from django.test import Client

from members.models import FactEvidence
from networks.models import User
from poles.models import Pole
from poles.recognition import recognise
from tests.breaking import ALOUD, SILENTLY, run
from tests.factories import OrganisationFactory, PoleFactory, UserFactory
from tests.poles.admin_pages import messages, save
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db
COMPOSITIONS = "/admin/poles/pole/article-9/"


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


@pytest.fixture
def ended(officer: User) -> Pole:
    pole = PoleFactory(name="Pôle échu")
    until = TODAY + timedelta(days=5)
    recognise(pole, officer, "Motif", exception_until=until, exception_reason="Fusion")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    # The calendar moves without any trigger.
    run(SILENTLY)
    run(
        "UPDATE poles_pole SET exception_until = %s WHERE id = %s",
        TODAY - timedelta(days=1),
        pole.pk,
    )
    run(ALOUD)
    pole.refresh_from_db()
    return pole


def test_another_record_is_saved(client: Client, ended: Pole) -> None:
    other = PoleFactory()
    done = save(client, other, summary="Autre résumé")
    assert done.status_code == 302, messages(done)
    other.refresh_from_db()
    ended.refresh_from_db()
    assert (other.summary, ended.recognition) == ("Autre résumé", "reconnu")


def test_its_own_record_asks(client: Client, ended: Pole) -> None:
    told = save(client, ended, summary="Autre résumé")
    assert told.status_code == 200
    assert 'name="_consent"' in told.content.decode()
    done = save(client, ended, summary="Autre résumé", _consent="on")
    assert done.status_code == 302, messages(done)
    ended.refresh_from_db()
    assert (ended.summary, ended.recognition) == ("Autre résumé", "regularisation")


def test_a_question_is_answered(client: Client, ended: Pole) -> None:
    organisation = OrganisationFactory()
    answer = {
        "organisation": organisation.pk,
        "fact": "is_training_body",
        "answer": "oui",
        "source": "Liste publique",
    }
    assert client.post(COMPOSITIONS, answer).status_code == 302
    assert FactEvidence.objects.filter(organisation=organisation).exists()


def test_an_answer_that_breaks_a_pole_is_told(client: Client, officer: User) -> None:
    pole, members = recognised()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    answer = {
        "organisation": members[1].organisation_id,
        "fact": "is_legal_person",
        "answer": "non",
        "source": "Entretien",
    }
    told = client.post(COMPOSITIONS, answer)
    assert told.status_code == 200
    assert pole.name in told.content.decode()
    assert not FactEvidence.objects.filter(organisation=members[1].organisation).exists()
