"""The people of the table, and the records that they come to."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.test import Client, override_settings

from core.models import BackgroundTask
from core.tasks import send_mail
from networks.models import Network, User
from poles.voice import link_of
from tests import factories as made
from tests.call_factories import (
    AnswerFactory,
    CallNetworkFactory,
    DecisionSessionFactory,
    ExaminationFactory,
    LetterFactory,
    NetworkPersonFactory,
    PlatformImportFactory,
    RegionalOpinionFactory,
    call_at,
    file_of,
)
from tests.keeping_factories import (
    AccessRequestFactory,
    CommentFactory,
    InvitationFactory,
    MergeFactory,
)

PERSONS = (
    "anonymous",
    "editor of the reference network",
    "editor of another network of the région",
    "editor of another région",
    "manager of the reference network",
    "officer",
    "administrator",
    "auditor",
)
AUDITOR = PERSONS.index("auditor")


@dataclass
class World:
    """``commune`` and ``network`` are of one région; ``network`` keeps the poles but the orphan."""

    commune: Any
    network: Network
    people: tuple[User | None, ...]
    records: dict[str, Any] = field(default_factory=dict)
    _clients: list[Client] = field(default_factory=list)

    def client(self, person: int) -> Client:
        """A browser of the person: the same session, nothing of what another request left in it."""
        fresh = Client()
        fresh.cookies.update(self._clients[person].cookies)
        return fresh

    def value(self, said: object) -> object:
        """What a row says: a path such as ``published.pk``, or the value itself."""
        if not isinstance(said, str) or "." not in said:
            return said
        first, *rest = said.split(".")
        if first not in self.records:
            return said
        found = self.records[first]
        for name in rest:
            found = getattr(found, name)
        return found

    def record_of(self, model: type[models.Model]) -> models.Model:
        """A row of ``model`` for its pages in the admin site."""
        for record in self.records.values():
            if type(record) is model:
                return record
        found = model._default_manager.order_by("pk").first()
        assert found is not None, f"no row of {model._meta.label}: make one in tests/permissions/"
        return found


def build() -> World:
    commune, elsewhere = made.CommuneFactory(), made.CommuneFactory()
    network = made.NetworkFactory(name="Réseau de référence", slug="reseau-de-reference")
    neighbour = made.NetworkFactory(slug="reseau-voisin")
    distant = made.NetworkFactory(slug="reseau-lointain")
    for each, place in ((network, commune), (neighbour, commune), (distant, elsewhere)):
        made.NetworkRegionFactory(network=each, region=place.region)
    editor = made.NetworkStaffFactory(network=network).user
    people = (
        None,
        editor,
        made.NetworkStaffFactory(network=neighbour).user,
        made.NetworkStaffFactory(network=distant).user,
        made.NetworkStaffFactory(network=network, role="responsable").user,
        made.UserFactory(officer=True),
        made.UserFactory(administrator=True),
        made.UserFactory(auditor=True),
    )
    colleague = made.NetworkStaffFactory(network=network)
    for user in (*people[1:], colleague.user):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)  # type: ignore[misc]
    world = World(commune, network, people, _records(commune, network, colleague))
    world.records["run"] = made.ImportRunFactory(author=editor)
    for person in people:
        client = Client()
        if person is not None:
            client.force_login(person)
        world._clients.append(client)
    return world


def _records(commune: Any, network: Network, colleague: Any) -> dict[str, Any]:
    own = {"seat": commune, "reference_network": network}
    published = made.PoleFactory(published=True, contact_email="contact@exemple.invalid", **own)
    organisation = made.OrganisationFactory(numbered=True)
    return {
        "network": network,
        "colleague": colleague,
        "account": made.UserFactory(),
        "draft": made.PoleFactory(**own),
        "submitted": made.PoleFactory(record_state="soumis", **own),
        "published": published,
        "archived": made.PoleFactory(record_state="archive", archive_reason="Doublon.", **own),
        "orphan": made.PoleFactory(seat=commune),
        "proposal": made.ProposalFactory(pole=published, base_version=published.version),
        "comment": CommentFactory(pole=published),
        "voice": SimpleNamespace(token=link_of(published).split("/")[2]),
        "access": AccessRequestFactory(network=network),
        "report": made.ReportFactory(commune=commune),
        "organisation": organisation,
        "double": made.OrganisationFactory(),
        "merge": MergeFactory(organisation=organisation.pk),
        "membership": made.MembershipFactory(pole=published, organisation=organisation),
        "project": made.PoleProjectFactory(pole=published),
        "figures": made.PoleFiguresFactory(pole=published),
        "study": made.StudyFactory(),
        "theme": made.ThemeFactory(),
        "call": made.CallFactory(),
        "export": PlatformImportFactory(),
        "application": made.ApplicationFactory(),
        "letter": LetterFactory(),
        "file": _file(commune, network),
        "instalment": made.InstalmentFactory(),
        "wave": made.WaveFactory(),
        "strand": made.StrandFactory(),
        "person": NetworkPersonFactory(),
        "opinion": RegionalOpinionFactory(),
        "session": DecisionSessionFactory(),
        "examination": ExaminationFactory(),
        "invitation": InvitationFactory(network=network),
        "answer": AnswerFactory(),
        "task": _task(),
    }


def _file(commune: Any, network: Network) -> Any:
    """On which a call asks the network for its opinion."""
    file = file_of(call_at(), pole=made.PoleFactory(seat=commune))
    CallNetworkFactory(call=file.call, network=network, region=commune.region)
    return file


def _task() -> BackgroundTask:
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        send_mail.enqueue("une@exemple.invalid", "Objet", "Texte", "<p>Texte</p>")
    return BackgroundTask.objects.latest("enqueued_at")
