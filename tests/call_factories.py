"""Made-up rows of a call that is run in the registry: who is asked, what they said, who decided."""

from datetime import date
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from calls.models import (
    Application,
    Call,
    CallColumns,
    CallDocument,
    CallNetwork,
    DecisionSession,
    Evaluation,
    Examination,
    Letter,
    LetterTemplate,
    NetworkPerson,
    ParliamentaryAnswer,
    PlatformImport,
    RegionalOpinion,
    Wave,
)
from members.kinds import OrganisationKind
from poles.models import Pole
from tests.breaking import update
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleFactory,
    UserFactory,
)

_STEPS = ("preparation", "ouvert", "instruction", "decide", "clos")


class CallNetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallNetwork

    call = factory.SubFactory(CallFactory)
    network = factory.SubFactory(NetworkFactory)
    region = factory.LazyFunction(lambda: CommuneFactory().region)


class NetworkPersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkPerson

    network = factory.SubFactory(NetworkFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class CallColumnsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallColumns

    call = factory.SubFactory(CallFactory)


class CallDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallDocument

    call = factory.SubFactory(CallFactory)
    title = "Dossier type"
    url = factory.Sequence(lambda n: f"https://exemple.fr/{n}.odt")


class PlatformImportFactory(factory.django.DjangoModelFactory):
    """An export whose columns are said: one line, without a number."""

    class Meta:
        model = PlatformImport

    call = factory.SubFactory(CallFactory)
    file_name = "export.csv"
    content = b"ID;Email\n;une@exemple.invalid\n"
    source = {"sheet": 0, "header": 1, "columns": {"0": "file_number", "1": "contact_email"}}


class DecisionSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DecisionSession

    call = factory.SubFactory(CallFactory)
    committee = "Comité interministériel"
    held_on = date(2024, 6, 1)
    officer = factory.SubFactory(UserFactory, officer=True)


class ExaminationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Examination

    application = factory.SubFactory(ApplicationFactory)
    subject = "eligibilite"
    conclusion = True
    advised = True
    officer = factory.SubFactory(UserFactory, officer=True)


class AnswerFactory(factory.django.DjangoModelFactory):
    """Of the whole country, on the last day of 2023."""

    class Meta:
        model = ParliamentaryAnswer

    day = date(2023, 12, 31)
    perimeter = "France entière"
    figures = factory.LazyFunction(lambda: {"figures": [], "notes": []})
    text = "Au 31 décembre 2023…"
    data_version = 1
    asked_at = factory.LazyFunction(timezone.now)


class RegionalOpinionFactory(factory.django.DjangoModelFactory):
    """By a member of the staff of a network that the call names where the pole is."""

    class Meta:
        model = RegionalOpinion

    application = factory.LazyFunction(lambda: file_of(call_at("instruction")))
    network = factory.LazyAttribute(lambda o: named(o.application))
    author = factory.LazyAttribute(lambda o: NetworkStaffFactory(network=o.network).user)
    opinion = "favorable"
    given_on = date(2024, 5, 1)


class LetterTemplateFactory(factory.django.DjangoModelFactory):
    """The text of a call of its own."""

    class Meta:
        model = LetterTemplate

    call = factory.SubFactory(CallFactory)
    kind = "laureat"
    subject = "Le pôle {pole}"
    body = "Bonjour {pole},\n\nau sujet de {appel}.\nFin."


class LetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Letter

    application = factory.LazyFunction(lambda: file_of(call_at(), received_on=date(2024, 3, 1)))
    kind = "recu"
    about_on = date(2024, 3, 1)
    sender = "Le ministère"
    recipient = "Un pôle"
    address = "pole@exemple.invalid"
    subject = "Un objet"
    body = "Un texte."
    officer = factory.SubFactory(UserFactory, officer=True)


class EvaluationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Evaluation

    application = factory.SubFactory(ApplicationFactory, decision="laureat", amount_eur=100_000)
    kind = "suivi"
    held_on = date(2024, 6, 1)
    text = factory.LazyAttribute(lambda o: "Tout avance." if o.held_on else "")
    author = "Cabinet Tiers et associés"


def advance(moved: Call | Wave, to: str) -> None:
    """One step after the other."""
    for state in _STEPS[_STEPS.index(moved.state) + 1 : _STEPS.index(to) + 1]:
        moved.state = state
        moved.save(update_fields=["state"])


def call_at(step: str = "instruction", **values: Any) -> Call:
    """A call that is run in the registry, at this step; no opinion is asked for unless said."""
    given = {"envelope_eur": 1_500_000, "opinion_required": False, **values}
    call = CallFactory(run_in_registry=True, **given)
    advance(call, step)
    return call


def file_of(call: Call, **values: Any) -> Application:
    """An application that was found admissible and eligible, by an officer's examination."""
    given = {"admissible": True, "eligible": True, **values}
    if "pole" not in given:
        given["pole"] = PoleFactory(seat=CommuneFactory())
    # What a file says and what was concluded of it are committed together.
    with transaction.atomic():
        file = ApplicationFactory(call=call, **given)
        concluded = {"recevabilite": file.admissible, "eligibilite": file.eligible}
        for subject, conclusion in concluded.items():
            if conclusion is not None:
                ExaminationFactory(
                    application=file, subject=subject, conclusion=conclusion, advised=conclusion
                )
    return file


def laureate(file: Application, amount: float | str | None, **values: Any) -> None:
    """Says so in SQL, today."""
    given = {"decision": "laureat", "decided_on": timezone.localdate(), "amount_eur": amount}
    update(file, **(given | values))


def named(application: Application) -> Any:
    """A network that the call names in the région of the application's pole."""
    region = application.pole.seat.region
    return CallNetworkFactory(call=application.call, region=region).network


def satisfied_pole(**values: Any) -> Pole:
    """A pole whose three members hold the roles of every rule; its list is confirmed complete."""
    pole = PoleFactory(
        **{"seat": CommuneFactory(), "members_confirmed_on": date(2024, 1, 1), **values}
    )
    for kind in (OrganisationKind.COMMERCIAL, OrganisationKind.ESS, OrganisationKind.TRAINING):
        organisation = OrganisationFactory(kind=kind, is_legal_person=True)
        MembershipFactory(pole=pole, organisation=organisation, begins_on=date(2020, 1, 1))
    return pole
