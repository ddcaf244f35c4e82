"""A person who leaves keeps their number in the history, and nothing else."""

import pickle
from base64 import b64decode
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as codes
from allauth.mfa.totp.internal import auth
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from networks.leaving import erase
from networks.models import NetworkStaff, Notice, User
from networks.notices import choose, notify
from networks.people import names_of
from networks.staff import invite
from poles.comments import comment
from poles.models import Comment, Draft, Pole
from poles.publishing import submit
from tests.breaking import Break, check_form, check_sql, rows, update
from tests.factories import (
    PASSWORD,
    CommuneFactory,
    ImportRunFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkStaffFactory,
    PoleFactory,
    ProposalFactory,
    ReportFactory,
    UserFactory,
)
from tests.html import assert_clean_html
from tests.keeping_factories import AccessRequestFactory

pytestmark = pytest.mark.django_db

NAME = "Xylia Kwébrozac"
EMAIL = "xylia.kwebrozac@exemple.invalid"
OTHER_EMAIL = "x.kwebrozac@ailleurs.invalid"
# In every spelling: JSON writes « é » as an escape.
NEEDLES = ("xylia", "brozac")


def tables() -> list[str]:
    found = rows(
        "SELECT quote_ident(table_name) FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    return [name for (name,) in found]


def traces() -> set[str]:
    """The tables that name the person in any of their columns, whatever its type."""
    said = {
        table
        for table in tables()
        if any(
            rows(f"SELECT FROM {table} AS line WHERE line::text ILIKE %s LIMIT 1", f"%{needle}%")
            for needle in NEEDLES
        )
    }
    # Two tables keep their values packed.
    sessions = [
        SessionStore().decode(data) for (data,) in rows("SELECT session_data FROM django_session")
    ]
    cached = [pickle.loads(b64decode(v)) for (v,) in rows("SELECT value FROM networks_cache")]  # noqa: S301
    for table, packed in (("django_session", sessions), ("networks_cache", cached)):
        if any(needle in str(packed).lower() for needle in NEEDLES):
            said.add(table)
    return said


def pages_of(client: Client) -> None:
    """Signs in as a person does, so that there are a session and its traces."""
    code = auth.format_hotp_value(
        auth.hotp_value(SECRET, list(auth.yield_hotp_counters_from_time())[1])
    )
    client.post("/compte/connexion/", {"login": EMAIL, "password": "pas le bon"})
    client.post("/compte/connexion/", {"login": EMAIL, "password": PASSWORD})
    done = client.post("/compte/double-authentification/code/", {"code": code})
    assert done["Location"] == "/espace/"


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person() -> User:
    """Someone who used all that an account offers; manager of a network of several."""
    staff = NetworkStaffFactory(
        network=NetworkFactory(name="CRESS d’essai", acronym=""),
        role="responsable",
        user=UserFactory(full_name=NAME, email=EMAIL),
    )
    user, network = staff.user, staff.network
    NetworkStaffFactory(network=network, role="responsable")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=OTHER_EMAIL)
    auth.TOTP.activate(user, SECRET)
    codes.RecoveryCodes.activate(user)
    SocialAccount.objects.create(
        user=user, provider="proconnect", uid="1", extra_data={"email": EMAIL, "name": NAME}
    )
    choose(user, "aucun")
    Notice.objects.create(user=user, about="essai", subject="Une nouvelle", path="/espace/")
    for address in (EMAIL, OTHER_EMAIL):
        AccessRequestFactory(email=address, full_name=NAME)
    invite(OTHER_EMAIL, by=user, network=network)
    invite(EMAIL, by=UserFactory(officer=True), network=NetworkFactory())
    return user


@pytest.fixture
def pole(person: User) -> Pole:
    """What the person did, and what was done about them."""
    network = person.staff_positions.get().network
    pole = PoleFactory(reference_network=network, summary="Ce qu’il fait.", seat=CommuneFactory())
    MembershipFactory(pole=pole)
    comment(pole, "identite", "Le nom a changé.", by=person)
    submit(pole, by=person, reason="Tout y est")
    Draft.objects.create(
        user=person, pole=pole, section="lieu", data={"qui": NAME}, saved_at=timezone.now()
    )
    ImportRunFactory(author=person, file_name=f"{NAME}.csv")
    ProposalFactory(pole=pole, author=person)
    ReportFactory(decided_by=person, decided_at=timezone.now(), state="acceptee")
    administrator = UserFactory(administrator=True)
    admin = Client()
    admin.force_login(administrator)
    for model, obj in ((User, person), (NetworkStaff, person.staff_positions.get())):
        LogEntry.objects.create(
            user=administrator,
            content_type=ContentType.objects.get_for_model(model),
            object_id=obj.pk,
            object_repr=str(obj),
            action_flag=CHANGE,
            change_message=[{"changed": {"name": "personnel", "object": str(obj)}}],
        )
    return pole


def test_nothing_says_who_it_was(person: User, pole: Pole, mailoutbox: list[Any]) -> None:
    """Every column of every table is looked through: a new one that keeps a name fails here."""
    browser = Client()
    pages_of(browser)
    assert traces() >= {
        *("networks_user", "account_emailaddress", "networks_invitation"),
        *("networks_accessrequest", "django_admin_log", "django_session", "poles_draft"),
        *("poles_importrun", "socialaccount_socialaccount"),
    }
    mailoutbox.clear()
    erase(person, by=person)
    assert traces() == set()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    assert NAME not in mailoutbox[0].body
    assert f"le numéro {person.pk}" in mailoutbox[0].body
    # What was open is closed, and nothing opens it again.
    assert browser.get("/compte/").status_code == 302
    again = Client().post("/compte/connexion/", {"login": EMAIL, "password": PASSWORD})
    assert "ne convient pas" in again.content.decode()


def test_mails_to_them_are_forgotten_but_the_last(person: User, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    invite(OTHER_EMAIL, by=person, network=NetworkFactory())
    invite("une.autre@exemple.invalid", by=person, network=NetworkFactory())
    notify(
        [User.objects.exclude(pk=person.pk).filter(staff_positions__isnull=False)[0], person],
        about="essai/2",
        subject="Une nouvelle",
        path="/espace/",
        template="notice",
        context={"sentences": [], "quoted": ""},
    )
    others = sorted({"une.autre@exemple.invalid", *written_to()} - {EMAIL, OTHER_EMAIL})
    erase(person, by=person)
    assert written_to() == sorted([*others, EMAIL])
    last = DBTaskResult.objects.filter(args_kwargs__args__0=EMAIL).get()
    assert last.args_kwargs["args"][1] == "Votre compte du registre des PTCE est effacé"


def written_to() -> list[str]:
    return sorted(task.args_kwargs["args"][0] for task in DBTaskResult.objects.all())


def test_what_was_theirs_alone_is_gone(person: User, pole: Pole) -> None:
    erase(person, by=person)
    for link in User._meta.get_fields(include_hidden=True):
        if link.auto_created and not link.concrete and link.on_delete is models.CASCADE:  # type: ignore[union-attr]
            kept = link.related_model._base_manager.filter(**{link.field.name: person})  # type: ignore[union-attr]
            assert not kept.exists(), link


def test_what_they_did_keeps_their_number(person: User, pole: Pole) -> None:
    erase(person, by=person)
    former = "ancien agent du réseau CRESS d’essai"
    pole.refresh_from_db()
    step = pole.record_steps.first()
    assert step is not None
    for author in (Comment.objects.get().author, step.by, pole.proposals.get().author):
        assert author is not None
        assert (author.pk, str(author)) == (person.pk, former)
    assert names_of([person.pk]) == {person.pk: former}
    event = User.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")  # type: ignore[attr-defined]
    assert event.former_as == former
    assert event.pgh_context.metadata["user"] == person.pk
    manager = NetworkStaff.objects.get(network=pole.reference_network).user
    client = Client()
    client.force_login(manager)
    page = client.get(f"/espace/poles/{pole.pk}/identite/").content.decode()
    assert "Ancien agent du réseau CRESS d’essai" in page
    page = client.get(f"/espace/poles/{pole.pk}/historique/").content.decode()
    assert "Ancien agent du réseau CRESS d’essai" in page


@pytest.mark.parametrize(
    ("make", "former"),
    [
        (lambda: UserFactory(officer=True), "ancien agent du ministère"),
        (lambda: UserFactory(pk=770077), "ancien compte (n°\u00a0770077)"),
        (
            lambda: (
                NetworkStaffFactory(
                    role="responsable", network=NetworkFactory(name="B"), user=two_networks()
                ).user
            ),
            "ancien agent des réseaux A et B",
        ),
    ],
)
def test_what_is_shown_instead(make: Any, former: str) -> None:
    user = make()
    erase(user, by=user)
    user.refresh_from_db()
    assert str(user) == former
    assert names_of([user.pk]) == {user.pk: former}


def two_networks() -> User:
    return NetworkStaffFactory(role="responsable", network=NetworkFactory(name="A")).user


def test_a_network_is_left_to_someone(person: User) -> None:
    network = person.staff_positions.get().network
    other = network.staff.exclude(user=person)
    other.update(role="redacteur")
    with pytest.raises(ValidationError) as refused:
        erase(person, by=person)
    assert "CRESS d’essai" in refused.value.messages[0]
    person.refresh_from_db()
    assert person.full_name == NAME
    assert Authenticator.objects.filter(user=person).exists()
    # Who is alone in it may leave.
    other.delete()
    erase(person, by=person)
    assert not network.staff.exists()


def test_an_administrator_remains() -> None:
    administrator = UserFactory(administrator=True)
    UserFactory(officer=True)
    with pytest.raises(ValidationError, match="Le registre garde un administrateur"):
        erase(administrator, by=administrator)
    administrator.refresh_from_db()
    assert administrator.erased_at is None


def test_who_may_erase_whom(person: User) -> None:
    officer, administrator = UserFactory(officer=True), UserFactory(administrator=True)
    for by in (officer, NetworkStaffFactory(role="responsable").user):
        with pytest.raises(PermissionDenied, match="Seul un administrateur"):
            erase(person, by=by)
    erase(person, by=administrator)
    with pytest.raises(PermissionDenied, match="déjà effacé"):
        erase(person, by=administrator)


def test_erased_stays_erased(person: User) -> None:
    erase(person, by=person)
    person.refresh_from_db()
    for values in (
        {"is_active": True},
        {"full_name": NAME},
        {"email": EMAIL},
        {"password": "pbkdf2_sha256$1$a$b"},
        {"former_as": ""},
        {"last_login": timezone.now()},
    ):
        case = Break("networks_user_erased", lambda: User.objects.get(pk=person.pk), values)
        check_sql(case)
        check_form(case)
    update(person, date_joined=timezone.now())


def test_one_erases_one_s_own_account(person: User, mailoutbox: list[Any]) -> None:
    client = Client()
    pages_of(client)
    page = client.get("/compte/")
    assert "/compte/effacer/" in page.content.decode()
    asked = client.get("/compte/effacer/")
    assert asked["Location"].startswith("/compte/verification/")
    shown = client.post(asked["Location"], {"password": PASSWORD}, follow=True).content.decode()
    assert_clean_html(shown)
    assert "ancien agent du réseau CRESS d’essai" in shown
    done = client.post("/compte/effacer/")
    assert done["Location"] == "/compte/efface/"
    assert "Votre compte est effacé" in client.get("/compte/efface/").content.decode()
    assert "_auth_user_id" not in client.session
    assert str(User.objects.get(pk=person.pk)) == "ancien agent du réseau CRESS d’essai"


def test_the_page_says_why_not(person: User) -> None:
    person.staff_positions.get().network.staff.exclude(user=person).update(role="redacteur")
    client = Client()
    pages_of(client)
    client.post("/compte/verification/", {"password": PASSWORD})
    page = client.post("/compte/effacer/").content.decode()
    assert_clean_html(page)
    assert "Plus personne ne serait responsable" in page
    assert NAME in page


def test_an_administrator_erases_from_the_admin(person: User) -> None:
    administrator = UserFactory(administrator=True)
    client = Client()
    client.force_login(administrator)
    page = f"/admin/networks/user/{person.pk}/effacer/"
    assert page in client.get(f"/admin/networks/user/{person.pk}/change/").content.decode()
    assert "ancien agent du réseau CRESS d’essai" in client.get(page).content.decode()
    done = client.post(page, {"_why": "Départ à la retraite"}, follow=True)
    assert f"Le compte n°\u00a0{person.pk} est effacé." in done.content.decode()
    event = User.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["why"] == "Départ à la retraite"
    assert event.pgh_context.metadata["user"] == administrator.pk
    assert client.get(page).status_code == 404
    assert client.get(f"/admin/networks/user/{person.pk}/change/").status_code == 302
