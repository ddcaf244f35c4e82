"""An organisation in the workspace: what it is, said with its evidence, by who keeps its poles."""

from typing import Any

import pytest
from django.test import Client

from members.models import Organisation
from networks.models import User
from tests.factories import FactEvidenceFactory, MembershipFactory, OrganisationFactory, valid_siren
from tests.forms import filled
from tests.html import assert_clean_html
from tests.members.register_server import Register
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in
from tests.workspace.test_members_section import recognise, statements, trio_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


@pytest.fixture
def record() -> Kept:
    return kept()


def page(organisation: Organisation) -> str:
    return f"/espace/organisations/{organisation.pk}/"


def member_of(record: Kept, **values: Any) -> Organisation:
    organisation = OrganisationFactory(**values)
    MembershipFactory(pole=record.pole, organisation=organisation)
    return organisation


def save(user: User, organisation: Organisation, **typed: Any) -> Any:
    client = signed_in(user)
    opened = client.get(page(organisation))
    assert_clean_html(opened.content.decode())
    return client.post(page(organisation), filled(opened, **typed))


def test_what_is_stated_leaves_its_evidence(record: Kept) -> None:
    organisation = member_of(record)
    typed = {"kind": "association", "is_training_body": "oui", "preuve": "Ses statuts"}
    assert save(record.editor, organisation, **typed).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.kind, organisation.is_ess) == ("association", True)
    assert organisation.is_training_body is True
    stated = {(e.aspect, e.origin, e.stated_by, e.source) for e in organisation.evidence.all()}
    assert ("kind", "declaration", record.editor, "Ses statuts") in stated
    assert ("is_training_body", "declaration", record.editor, "Ses statuts") in stated


def test_a_kind_that_is_corrected_takes_its_facts_with_it(record: Kept) -> None:
    organisation = member_of(record, kind="association")
    assert save(record.editor, organisation, kind="entreprise").status_code == 302
    organisation.refresh_from_db()
    assert (organisation.kind, organisation.is_commercial) == ("entreprise", True)
    assert organisation.is_ess is False


def test_saving_what_did_not_change_writes_nothing(record: Kept) -> None:
    organisation = member_of(record, kind="ess", numbered=True, closed_on="2024-12-31")
    version = Organisation.objects.get(pk=organisation.pk).version
    assert save(record.editor, organisation).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).version == version
    assert not organisation.evidence.exists()


def test_what_is_wrong_is_told_at_its_field(record: Kept) -> None:
    organisation = member_of(record)
    typed = {"name": "", "siren": "123", "kind": "association", "is_ess": "non"}
    html = save(record.editor, organisation, **typed).content.decode()
    assert_clean_html(html)
    for told in ("La nature choisie dit le contraire", "n’est ni un SIREN", 'href="#id_name"'):
        assert told in html
    other = OrganisationFactory(numbered=True)
    html = save(record.editor, organisation, siren=other.siren).content.decode()
    assert "porte déjà ce SIREN" in html


def test_what_others_keep_too_is_proposed(record: Kept) -> None:
    elsewhere = kept(published=True)
    organisation = member_of(record)
    MembershipFactory(pole=elsewhere.pole, organisation=organisation)
    assert save(record.editor, organisation, is_ess="oui", preuve="Son site").status_code == 302
    organisation.refresh_from_db()
    assert organisation.is_ess is None
    proposal = organisation.proposals.get()
    assert proposal.changes == {"is_ess": {"before": None, "after": True}}
    assert (proposal.author, proposal.message) == (record.editor, "Son site")


def test_what_breaks_a_recognised_pole_is_asked_first(record: Kept) -> None:
    school = recognise(record.pole)[2].organisation
    asked = save(record.manager, school, is_legal_person="")
    assert "Plus personne ne tiendrait" in asked.content.decode()
    record.pole.refresh_from_db()
    assert record.pole.recognition == "reconnu"
    typed = {"is_legal_person": "", "consent": "oui"}
    assert save(record.manager, school, **typed).status_code == 302
    record.pole.refresh_from_db()
    assert record.pole.recognition == "regularisation"


def test_the_second_of_two_editors_is_told(record: Kept) -> None:
    organisation = member_of(record)
    client = signed_in(record.editor)
    sent = filled(client.get(page(organisation)), acronym="MIEN")
    Organisation.objects.filter(pk=organisation.pk).update(acronym="AUTRE")
    asked = client.post(page(organisation), sent)
    assert "est maintenant «\u00a0AUTRE\u00a0»" in asked.content.decode()
    organisation.refresh_from_db()
    assert organisation.acronym == "AUTRE"
    assert client.post(page(organisation), filled(asked)).status_code == 302
    organisation.refresh_from_db()
    assert organisation.acronym == "MIEN"


def test_the_states_register_is_asked_when_one_wishes(record: Kept, server: Register) -> None:
    siren = valid_siren(99_888_777)
    server.add(siren)
    organisation = member_of(record, siren=siren)
    client = signed_in(record.editor)
    client.get(page(organisation))
    assert server.asked == []
    html = client.get(page(organisation), {"annuaire": "1"}).content.decode()
    assert_clean_html(html)
    assert "catégorie juridique 9220" in html


def test_one_comes_back_to_the_members(record: Kept) -> None:
    organisation = member_of(record)
    client = signed_in(record.editor)
    address = f"{page(organisation)}?retour={record.pole.pk}"
    answer = client.post(address, filled(client.get(address), acronym="X"))
    assert answer.url == f"/espace/poles/{record.pole.pk}/membres/"
    answer = client.post(f"{page(organisation)}?retour=//ailleurs", filled(client.get(address)))
    assert answer.url == page(organisation)


def test_the_question_is_answered_on_the_records_page(record: Kept) -> None:
    school = trio_in(record.pole)[2].organisation
    Organisation.objects.filter(pk=school.pk).update(is_legal_person=None)
    client: Client = signed_in(record.editor)
    address = f"/espace/poles/{record.pole.pk}/"
    shown = client.get(address)
    html = shown.content.decode()
    assert_clean_html(html)
    reply = f"{school.pk}:is_legal_person:oui"
    assert reply in html
    sent = {"reponse": reply, "retour": "fiche"}
    assert client.post(f"{address}membres/repondre/", sent).url == address
    assert "Composition satisfaite" in client.get(address).content.decode()
    told = client.post(f"{address}membres/repondre/", {"reponse": "x:y:z"}, follow=True)
    assert "n’est plus posée" in told.content.decode()


def test_statements(record: Kept) -> None:
    organisation = member_of(record)
    client = signed_in(record.editor)
    counts = []
    for many in (1, 12):
        for _ in range(many):
            MembershipFactory(organisation=organisation, pole=kept().pole)
            FactEvidenceFactory(organisation=organisation)
        counts.append(statements(client, page(organisation)))
    assert counts[0] == counts[1] <= MAX_STATEMENTS
    assert statements(client, f"/espace/poles/{record.pole.pk}/") <= MAX_STATEMENTS
