"""The pages of reports: read by the networks of the région, answered by their managers."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poles.models import Pole, Report
from tests.factories import PoleFactory, ReportFactory
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db
LIST = "/espace/signalements/"


def received(them: Kept, **values: Any) -> Report:
    return ReportFactory(commune=them.pole.seat, **values)


def page(user: Any, path: str, status: int = 200) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == status
    html = response.content.decode()
    assert_clean_html(html)
    return html


def answered(user: Any, made: Report, **data: Any) -> Any:
    return signed_in(user).post(f"{LIST}{made.pk}/", data, follow=True)


def test_who_reads_and_who_answers() -> None:
    them = kept()
    made = received(them, name="Pôle signalé", author_name="Une voisine")
    path = f"{LIST}{made.pk}/"
    for user in (them.editor, them.manager, them.officer):
        assert "Pôle signalé" in page(user, LIST)
        assert "Une voisine" in page(user, path)
    assert "Commencer la fiche" in page(them.manager, path)
    assert "Commencer la fiche" in page(them.officer, path)
    assert "Commencer la fiche" not in page(them.editor, path)
    assert "Seul un responsable" in page(them.editor, path)
    assert "Pôle signalé" not in page(them.stranger, LIST)
    assert "lu par les réseaux de sa région" in page(them.stranger, path, 403)
    for user in (them.editor, them.stranger):
        for answer in ("retenir", "ecarter", "doublon"):
            refused = answered(user, made, reponse=answer, raison="x", deja=them.pole.pk)
            assert refused.status_code == 403
    made.refresh_from_db()
    assert made.state == "attente"


def test_accepted_the_draft_opens() -> None:
    them = kept()
    made = received(them, name="Pôle signalé")
    answer = answered(them.manager, made, reponse="retenir")
    pole = Pole.objects.get(name="Pôle signalé")
    assert answer.redirect_chain[0][0] == f"/espace/poles/{pole.pk}/"
    assert pole.reference_network == them.network
    assert "Pôle signalé" in page(them.editor, f"{LIST}?traites")
    assert (
        "déjà reçu sa réponse" in answered(them.manager, made, reponse="retenir").content.decode()
    )


def test_it_is_known_already() -> None:
    them = kept(name="Kerbihan", record_state="publie")
    other = PoleFactory(name="Kerbihan des autres")
    made = received(them, name="Kerbihan")
    html = page(them.manager, f"{LIST}{made.pk}/")
    assert f'id="deja-{them.pole.pk}"' in html
    assert "des autres" not in html
    for typed in ({}, {"deja": "x"}, {"autre": "Rien de tel"}, {"deja": other.pk}):
        said = answered(them.manager, made, reponse="doublon", **typed).content.decode()
        assert "Rien n’a été enregistré" in said
        assert_clean_html(said)
    address = f"https://registre.example/poles/{them.pole.slug}/"
    answered(them.manager, made, reponse="doublon", autre=address)
    made.refresh_from_db()
    assert (made.state, made.pole) == ("doublon", them.pole)


def test_refused_with_its_reason() -> None:
    them = kept()
    made = received(them)
    said = answered(them.manager, made, reponse="ecarter", raison="").content.decode()
    assert "lira ce motif" in said
    assert "Choisissez" in answered(them.manager, made).content.decode()
    answered(them.manager, made, reponse="ecarter", raison="Une association, sans pôle.")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("refusee", "Une association, sans pôle.")
    assert "sans pôle" in page(them.editor, f"{LIST}{made.pk}/")


def test_statements_do_not_grow_with_the_rows() -> None:
    them = kept()

    def cost(path: str) -> int:
        client = signed_in(them.manager)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    made = received(them, name="Kerbihan")
    paths = (LIST, f"{LIST}{made.pk}/")
    PoleFactory(name="Kerbihan", published=True)
    few = [cost(path) for path in paths]
    for _ in range(10):
        received(them)
        PoleFactory(name="Kerbihan", published=True)
    assert [cost(path) for path in paths] == few
    assert max(few) <= MAX_STATEMENTS
