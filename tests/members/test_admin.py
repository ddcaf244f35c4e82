from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import FactEvidence, Organisation
from networks.models import User
from tests.factories import OrganisationFactory, UserFactory, valid_siren, valid_siret
from tests.forms import filled

pytestmark = pytest.mark.django_db

ADD = "/admin/members/organisation/add/"


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def change(organisation: Organisation) -> str:
    return reverse("admin:members_organisation_change", args=[organisation.pk])


def add(client: Client, **typed: Any) -> Any:
    return client.post(
        ADD, filled(client.get(ADD), name="Ferme d’essai", slug="ferme-d-essai", **typed)
    )


def form_errors(page: Any) -> dict[str, list[str]]:
    return dict(page.context["adminform"].form.errors)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("association", (False, True, None)),
        ("entreprise", (True, False, None)),
        ("formation", (None, None, True)),
        ("inconnu", (None, None, None)),
    ],
)
def test_what_the_kind_makes_certain_fills_itself(
    client: Client, officer: User, kind: str, facts: tuple
) -> None:
    assert add(client, kind=kind).status_code == 302
    made = Organisation.objects.get(slug="ferme-d-essai")
    assert (made.is_commercial, made.is_ess, made.is_training_body) == facts


def test_a_fact_against_the_kind_is_told(client: Client, officer: User) -> None:
    page = add(client, kind="association", is_ess="false")
    assert page.status_code == 200
    assert "contredisent sa nature" in str(form_errors(page)["__all__"])


def test_numbers_are_checked(client: Client, officer: User) -> None:
    siren = valid_siren(99_000_777)
    page = add(client, siren=siren[:-1] + str((int(siren[-1]) + 1) % 10))
    assert "n’est pas valide" in str(form_errors(page)["siren"])
    OrganisationFactory(siren=siren)
    page = add(client, siren=siren)
    assert "porte déjà ce SIREN" in str(form_errors(page))
    other = valid_siren(99_000_778)
    page = add(client, siren=other, siret=valid_siret(siren))
    assert "doit commencer par le SIREN" in str(form_errors(page))
    assert add(client, siren=other, siret=valid_siret(other)).status_code == 302


def test_two_organisations_without_number(client: Client, officer: User) -> None:
    OrganisationFactory()
    assert add(client).status_code == 302
    assert Organisation.objects.get(slug="ferme-d-essai").siren is None


def test_evidence_is_signed(client: Client, officer: User) -> None:
    organisation = OrganisationFactory()
    typed = {
        "evidence-TOTAL_FORMS": 1,
        "evidence-0-organisation": organisation.pk,
        "evidence-0-aspect": "is_ess",
        "evidence-0-value": "oui",
        "evidence-0-origin": "agent",
    }
    url = change(organisation)
    page = client.get(url)
    assert "entité de l’ESS" in page.content.decode()
    assert client.post(url, filled(page, **typed)).status_code == 302
    evidence = organisation.evidence.get()
    assert (evidence.stated_by, str(evidence)) == (
        officer,
        f"{organisation} : entité de l’ESS = oui",
    )
    other = UserFactory(officer=True)
    client.force_login(other)
    done = client.post(url, filled(client.get(url), **{"evidence-0-value": "non"}))
    assert done.status_code == 302
    evidence.refresh_from_db()
    assert (evidence.value, evidence.stated_by) == ("non", other)


def test_a_stale_form_is_told(client: Client, officer: User) -> None:
    organisation = OrganisationFactory()
    loaded = filled(client.get(change(organisation)))
    Organisation.objects.filter(pk=organisation.pk).update(acronym="SIG")
    page = client.post(change(organisation), {**loaded, "website": "https://exemple.invalid/"})
    assert "modifiée pendant votre saisie" in str(form_errors(page)["__all__"])
    assert client.post(change(organisation), filled(page)).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.acronym, organisation.website) == ("SIG", "https://exemple.invalid/")


def test_old_addresses_are_in_the_history(client: Client, officer: User) -> None:
    organisation = OrganisationFactory(slug="adresse-d-avant")
    done = client.post(
        change(organisation), filled(client.get(change(organisation)), slug="adresse-d-apres")
    )
    assert done.status_code == 302
    url = reverse("admin:members_organisation_history", args=[organisation.pk])
    page = client.get(url).content.decode()
    assert "ancienne adresse d’organisation « adresse-d-avant »" in page.replace("&#x27;", "'")


def test_a_choice_tells_namesakes_apart(client: Client, officer: User) -> None:
    OrganisationFactory(name="Homonyme d’essai", siren=valid_siren(99_000_779))
    OrganisationFactory(name="Homonyme d’essai")
    lookup = {"app_label": "poles", "model_name": "membership", "field_name": "organisation"}
    found = client.get("/admin/autocomplete/", {**lookup, "term": "homonyme essai"}).json()
    assert [r["text"] for r in found["results"]] == [
        f"Homonyme d’essai – SIREN {valid_siren(99_000_779)}",
        "Homonyme d’essai",
    ]


def test_organisations_are_found_by_number(client: Client, officer: User) -> None:
    organisation = OrganisationFactory(siren=valid_siren(99_000_780))
    url = reverse("admin:members_organisation_changelist")
    found = client.get(url, {"q": organisation.siren}).context["cl"].result_list
    assert list(found) == [organisation]


def test_what_an_officer_types_is_their_evidence(client: Client, officer: User) -> None:
    organisation = OrganisationFactory()
    typed = {"is_training_body": "true", "_why": "Liste publique des organismes"}
    page = client.get(change(organisation))
    assert client.post(change(organisation), filled(page, **typed)).status_code == 302
    proof = FactEvidence.objects.get(organisation=organisation)
    assert (proof.aspect, proof.value, proof.origin) == ("is_training_body", "oui", "agent")
    assert (proof.stated_by, proof.source) == (officer, "Liste publique des organismes")
    page = client.get(change(organisation))
    assert client.post(change(organisation), filled(page, name="Autre nom")).status_code == 302
    assert FactEvidence.objects.filter(organisation=organisation).count() == 1
