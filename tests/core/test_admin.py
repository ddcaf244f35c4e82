"""What every page of the admin keeps, whatever its model."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Events

from core.admin import ReadOnlyAdmin, RegistryAdmin
from core.models import BackgroundTask
from core.tasks import send_mail
from tests import call_factories as of_calls
from tests import factories as made
from tests.call_factories import EvaluationFactory
from tests.forms import filled
from tests.html import html_findings
from tests.keeping_factories import InvitationFactory

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12


def _task() -> BackgroundTask:
    return BackgroundTask.objects.create(
        status="FAILED",
        task_path=send_mail.module_path,
        args_kwargs={"args": ["une@exemple.invalid", "Objet", "Texte"]},
        run_after=timezone.now(),
        backend_name="default",
    )


FACTORIES: dict[str, Callable[..., Any]] = {
    "territories.Territory": made.CommuneFactory,
    "territories.FormerCommune": made.FormerCommuneFactory,
    "networks.User": made.UserFactory,
    "networks.Network": made.NetworkFactory,
    "members.Organisation": made.OrganisationFactory,
    "poles.Theme": made.ThemeFactory,
    "poles.Pole": made.PoleFactory,
    "poles.Membership": made.MembershipFactory,
    "poles.PoleProject": made.PoleProjectFactory,
    "poles.PoleFigures": made.PoleFiguresFactory,
    "poles.Study": made.StudyFactory,
    "poles.Proposal": made.ProposalFactory,
    "networks.Invitation": InvitationFactory,
    "calls.Call": made.CallFactory,
    "calls.Instalment": made.InstalmentFactory,
    "calls.NetworkPerson": of_calls.NetworkPersonFactory,
    "calls.Wave": made.WaveFactory,
    "calls.Strand": made.StrandFactory,
    "calls.RegionalOpinion": of_calls.RegionalOpinionFactory,
    "calls.DecisionSession": of_calls.DecisionSessionFactory,
    "calls.Examination": of_calls.ExaminationFactory,
    "calls.Letter": of_calls.LetterFactory,
    "calls.LetterTemplate": of_calls.LetterTemplateFactory,
    "core.BackgroundTask": _task,
    "calls.Application": lambda: made.ApplicationFactory(decision="laureat", amount_eur=100_000),
}
every_model = pytest.mark.parametrize("label", FACTORIES)
# Some is only read here, and an account has forms of its own.
WRITTEN_ELSEWHERE = {
    "networks.User",
    "core.BackgroundTask",
    *(
        model._meta.label
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, ReadOnlyAdmin)
    ),
}
every_form = pytest.mark.parametrize(
    "label", [label for label in FACTORIES if label not in WRITTEN_ELSEWHERE]
)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(made.UserFactory(administrator=True))
    return client


def address(label: str, page: str, *args: object) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_{page}", args=args)


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200, url
    inline = [f for f in html_findings(response.content.decode()) if _is_inline(f)]
    assert inline == []
    return len(captured)


def _is_inline(finding: str) -> bool:
    return any(word in finding for word in ("inside the page", "style", "handler"))


def with_parts(label: str, count: int) -> Any:
    """A row with ``count`` rows in each of its inlines, each tied to something of its own."""
    row = FACTORIES[label]()
    for _ in range(count):
        if label == "poles.Pole":
            for factory in (
                made.MembershipFactory,
                made.PoleThemeFactory,
                made.PoleCoverageFactory,
                made.PoleNetworkFactory,
                made.PoleSourceFactory,
                made.PoleFiguresFactory,
            ):
                factory(pole=row)
            made.PoleProjectFactory(pole=row).members.add(
                made.OrganisationFactory(), made.OrganisationFactory()
            )
        elif label == "poles.PoleProject":
            row.members.add(made.OrganisationFactory())
        elif label == "poles.Study":
            row.poles.add(made.PoleFactory())
        elif label == "members.Organisation":
            made.FactEvidenceFactory(organisation=row)
        elif label == "networks.Network":
            made.NetworkStaffFactory(network=row)
            made.NetworkRegionFactory(network=row)
        elif label == "calls.Call":
            made.WaveFactory(call=row)
            made.StrandFactory(call=row)
        elif label == "calls.Application":
            made.InstalmentFactory(application=row)
            EvaluationFactory(application=row)
    return row


def test_every_model_of_the_registry_is_there() -> None:
    assert {model._meta.label for model in admin.site._registry} == set(FACTORIES)


@every_model
def test_a_list_costs_the_same_with_many_rows(administrator: Client, label: str) -> None:
    url = address(label, "changelist")
    for _ in range(2):
        FACTORIES[label]()
    administrator.get(url)
    few = statements(administrator, url)
    for _ in range(30):
        with_parts(label, 1)
    assert statements(administrator, url) == few <= MOST_STATEMENTS


@every_model
def test_a_form_costs_the_same_with_many_parts(administrator: Client, label: str) -> None:
    small, large = with_parts(label, 1), with_parts(label, 8)
    administrator.get(address(label, "change", small.pk))
    few = statements(administrator, address(label, "change", small.pk))
    assert few <= MOST_STATEMENTS
    assert statements(administrator, address(label, "change", large.pk)) == few


@every_form
def test_an_empty_form_opens(administrator: Client, label: str) -> None:
    administrator.get(address(label, "add"))
    assert statements(administrator, address(label, "add")) <= MOST_STATEMENTS


@every_form
def test_a_history_costs_the_same_with_many_events(administrator: Client, label: str) -> None:
    small, large = with_parts(label, 1), with_parts(label, 12)
    administrator.get(address(label, "history", small.pk))
    few = statements(administrator, address(label, "history", small.pk))
    assert few <= MOST_STATEMENTS
    # A page of many events may name fewer things than one of few, and never more.
    assert statements(administrator, address(label, "history", large.pk)) <= few
    assert statements(administrator, address(label, "events")) <= MOST_STATEMENTS


@every_form
def test_saving_what_was_loaded_changes_nothing(administrator: Client, label: str) -> None:
    row = with_parts(label, 2)
    url = address(label, "change", row.pk)
    before = Events.objects.order_by().count()
    response = administrator.post(url, filled(administrator.get(url)))
    assert response.status_code == 302, response.context["errors"]
    assert Events.objects.order_by().count() == before


@pytest.mark.parametrize("asked", ["", "?_facets=True"])
def test_what_is_not_given_is_looked_for_in_french(administrator: Client, asked: str) -> None:
    html = administrator.get(address("members.Organisation", "changelist") + asked).content.decode()
    assert "non renseigné" in html
    assert "Non vide" not in html
    assert ("non renseigné (" in html) is bool(asked)


@every_model
@pytest.mark.parametrize("words", ["st-étienne", "L'Île", "%_\\", '"', "  ", "PTCE-00042", "ß😀"])
def test_any_search_answers(administrator: Client, label: str, words: str) -> None:
    response = administrator.get(address(label, "changelist"), {"q": words})
    assert response.status_code == 200
    nothing = not response.context["cl"].result_count
    assert ("Rien ne répond à cette recherche." in response.content.decode()) is nothing


def test_the_site_has_its_name(administrator: Client) -> None:
    page = administrator.get(reverse("admin:index")).content.decode()
    assert "Registre des PTCE – administration" in page
    assert page.index("Participations") < page.index("Territoires")


def test_every_page_of_history_is_our_own() -> None:
    for model, model_admin in admin.site._registry.items():
        if hasattr(model, "pgh_event_model"):
            assert isinstance(model_admin, RegistryAdmin), model


# Too many for the column of filters.
MANY_ROWS = {"Pole", "Organisation", "Territory", "User", "Application", "Membership"}


def _written() -> list[tuple[BaseModelAdmin, set[str]]]:
    """Each page that writes, and each inline, with the relations that it does not show."""
    found: list[tuple[BaseModelAdmin, set[str]]] = []
    for model, model_admin in admin.site._registry.items():
        if not isinstance(model_admin, RegistryAdmin) or isinstance(model_admin, ReadOnlyAdmin):
            continue
        found.append((model_admin, set()))
        for inline in model_admin.inlines:
            one: Any = inline(model, admin.site)
            parents = {f.name for f in inline.model._meta.fields if f.related_model is model}
            found.append((one, parents))
    return found


def test_what_has_many_rows_is_chosen_by_typing() -> None:
    wrong = []
    for page, unseen in _written():
        shown = {*page.autocomplete_fields, *page.readonly_fields, *unseen}
        explicit = page.fields
        for column in [*page.model._meta.fields, *page.model._meta.local_many_to_many]:
            if not column.is_relation or not column.editable or column.name in shown:
                continue
            if explicit is not None and column.name not in explicit:
                continue
            through: Any = getattr(column.remote_field, "through", None)
            if through is None or through._meta.auto_created:
                wrong.append(f"{type(page).__name__}.{column.name}")
        assert not page.raw_id_fields
    assert wrong == []


def test_no_list_of_filters_is_of_many_rows() -> None:
    wrong = []
    for model, model_admin in admin.site._registry.items():
        for each in model_admin.get_list_filter(None):  # type: ignore[arg-type]
            name = each[0] if isinstance(each, tuple | list) else each
            if isinstance(name, str) and "__" not in name:
                related: Any = model._meta.get_field(name).related_model
                if related is not None and related.__name__ in MANY_ROWS:
                    wrong.append(f"{model.__name__}.{name}")
    assert wrong == []
