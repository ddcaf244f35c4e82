"""Asking for an access without an account, and the ministry's answer."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from networks.models import AccessRequest, Invitation, Network, Notice
from tests.directory.sending import send, words
from tests.factories import NetworkFactory, NetworkStaffFactory, UserFactory
from tests.html import assert_clean_html
from tests.keeping_factories import AccessRequestFactory
from tests.workspace.staff import MAX_STATEMENTS, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/compte/demander-un-acces/"
LIST = "/espace/demandes-d-acces/"
EMAIL = "camille@exemple.invalid"


def ask(client: Client, **typed: Any) -> Any:
    given = {
        "full_name": "Camille Le Goff",
        "email": EMAIL,
        "network_words": "CRESS du Ponant",
        "message": "Je suis chargée de mission.",
    }
    return send(client, PAGE, "acces", **given | typed)


def mails_to(mailoutbox: list[Any], address: str) -> list[str]:
    return [mail.subject for mail in mailoutbox if mail.to == [address]]


def test_what_is_asked_is_kept_and_both_sides_are_told(
    client: Client, mailoutbox: list[Any]
) -> None:
    officer = UserFactory(officer=True)
    assert "Demander un accès" in words(client.get(PAGE))
    done = ask(client, email=EMAIL.upper())
    assert done["Location"] == f"{PAGE}envoye/"
    assert "Votre demande est envoyée" in words(client.get(done["Location"]))
    kept = AccessRequest.objects.get()
    assert (kept.email, kept.full_name, kept.network_words) == (
        EMAIL,
        "Camille Le Goff",
        "CRESS du Ponant",
    )
    assert mails_to(mailoutbox, EMAIL) == ["Votre demande d’accès au registre des PTCE est reçue"]
    assert mails_to(mailoutbox, officer.email) == ["Une demande d’accès attend une réponse"]
    # What is kept for longer than the request names nobody.
    notice = str(Notice.objects.values().get())
    event = str(AccessRequest.pgh_event_model.objects.values().get())
    for personal in ("Camille", EMAIL, "Ponant", "chargée"):
        assert personal not in notice + event


def test_nothing_tells_whether_the_address_has_an_account(mailoutbox: list[Any]) -> None:
    officer = UserFactory(officer=True)
    known = NetworkStaffFactory().user.email
    closed = UserFactory(is_active=False).email
    addresses = (EMAIL, known, closed, officer.email)
    told = []
    for address in addresses:
        with CaptureQueriesContext(connection) as statements:
            answer = ask(Client(), email=address)
        told.append((answer.status_code, answer["Location"], answer.content, len(statements)))
    assert len(set(told)) == 1
    received = [mail for mail in mailoutbox if "reçue" in mail.subject]
    assert [mail.to for mail in received] == [[address] for address in addresses]
    assert len({mail.body for mail in received}) == 1


def test_asking_again_replaces_what_waits(client: Client, mailoutbox: list[Any]) -> None:
    network = NetworkFactory()
    officer = UserFactory(officer=True)
    for n in range(4):
        ask(client, message=f"Envoi {n}", network=network.pk, network_words="Autre chose")
    kept = AccessRequest.objects.get()
    assert (kept.message, kept.network, kept.network_words) == ("Envoi 3", network, "")
    # A stranger's mailbox is not filled, and officers read of it once.
    assert len(mails_to(mailoutbox, EMAIL)) == 2
    assert len(mails_to(mailoutbox, officer.email)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"full_name": " "}, "Écrivez votre prénom et votre nom."),
        ({"email": ""}, "Écrivez l’adresse à laquelle vous répondre."),
        ({"email": "camille"}, "Cette adresse n’est pas complète"),
        ({"message": ""}, "Dites en quelques mots pourquoi vous le demandez."),
        ({"network_words": ""}, "Choisissez votre réseau, ou écrivez son nom."),
        ({"network": "999999999"}, "Choisissez un réseau de la liste."),
        ({"complement": "x"}, "Un champ caché"),
        ({"moment": "hier"}, "restée ouverte trop longtemps"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(
    client: Client, typed: dict[str, str], said: str, mailoutbox: list[Any]
) -> None:
    page = words(ask(client, **typed))
    assert said in page
    if "message" not in typed:
        assert "Je suis chargée de mission." in page
    assert not AccessRequest.objects.exists()
    assert mailoutbox == []


def test_too_many_from_one_place_wait(client: Client) -> None:
    answers = [ask(client, email=f"une{n}@exemple.invalid") for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "renvoyez" in words(answers[-1]) or "envoyez de nouveau" in words(answers[-1])
    assert AccessRequest.objects.count() == 5


def test_officers_see_what_waits_and_others_do_not() -> None:
    asked = AccessRequestFactory(full_name="Camille Le Goff", network_words="CRESS du Ponant")
    manager = NetworkStaffFactory(role="responsable").user
    officer = signed_in(UserFactory(officer=True))
    dashboard = officer.get("/espace/").content.decode()
    assert_clean_html(dashboard)
    assert "1 demande d’accès attend une réponse." in " ".join(dashboard.split())
    page = officer.get(LIST).content.decode()
    assert_clean_html(page)
    assert "Camille Le Goff" in page
    assert "CRESS du Ponant" in page
    for path in (LIST, f"{LIST}{asked.pk}/"):
        refused = signed_in(manager).get(path)
        assert refused.status_code == 403
        assert "Seul un agent du ministère" in refused.content.decode()
        assert "Camille" not in refused.content.decode()
    theirs = signed_in(manager).get("/espace/").content.decode()
    assert "accès attend" not in theirs
    assert LIST not in theirs


def test_accepted_an_invitation_goes_out(mailoutbox: list[Any]) -> None:
    officer = UserFactory(officer=True, full_name="Dominique Petit")
    network: Network = NetworkFactory()
    asked = AccessRequestFactory(network=network, email=EMAIL)
    client, path = signed_in(officer), f"{LIST}{asked.pk}/"
    page = client.get(path).content.decode()
    assert_clean_html(page)
    chosen = " ".join(page.split())
    assert f'value="{network.slug}" selected' in chosen
    for wrong in ({}, {"reseau": network.slug}, {"reseau": "inconnu", "role": "redacteur"}):
        refused = client.post(path, {"reponse": "inviter", **wrong}).content.decode()
        assert "Choisissez le réseau et le rôle." in refused
        assert_clean_html(refused)
    assert mailoutbox == []
    done = client.post(
        path, {"reponse": "inviter", "reseau": network.slug, "role": "responsable"}, follow=True
    )
    assert f"Une invitation est envoyée à {EMAIL}." in done.content.decode()
    made = Invitation.objects.get()
    assert (made.email, made.network, made.staff_role, made.invited_by) == (
        EMAIL,
        network,
        "responsable",
        officer,
    )
    [mail] = mailoutbox
    assert mail.to == [EMAIL]
    assert "Dominique Petit vous invite" in mail.body
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("acceptee", officer)
    answered = client.get(f"{LIST}?traitees").content.decode()
    assert asked.full_name in answered
    assert "Dominique Petit" in client.get(path).content.decode()


def test_refused_the_person_reads_why(mailoutbox: list[Any]) -> None:
    asked = AccessRequestFactory(email=EMAIL)
    client, path = signed_in(UserFactory(officer=True)), f"{LIST}{asked.pk}/"
    refused = client.post(path, {"reponse": "refuser", "raison": " "}).content.decode()
    assert "Dites pourquoi" in refused
    assert_clean_html(refused)
    client.post(path, {"reponse": "refuser", "raison": "Un collègue vous invitera."})
    [mail] = mailoutbox
    assert mail.to == [EMAIL]
    assert "Un collègue vous invitera." in mail.body
    assert "Un collègue vous invitera." in mail.alternatives[0].content
    again = client.post(path, {"reponse": "refuser", "raison": "Encore"}).content.decode()
    assert "a déjà reçu sa réponse" in again
    assert len(mailoutbox) == 1
    assert not Invitation.objects.exists()


def test_who_is_already_in_the_network_is_not_invited(mailoutbox: list[Any]) -> None:
    staff = NetworkStaffFactory()
    asked = AccessRequestFactory(network=staff.network, email=staff.user.email)
    client, path = signed_in(UserFactory(officer=True)), f"{LIST}{asked.pk}/"
    answer = {"reponse": "inviter", "reseau": staff.network.slug, "role": "redacteur"}
    page = client.post(path, answer).content.decode()
    assert "déjà dans le réseau" in page
    asked.refresh_from_db()
    assert asked.state == "attente"
    assert mailoutbox == []


def test_a_page_of_requests_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    officer = signed_in(UserFactory(officer=True))
    counts = []
    for _ in range(2):
        for _ in range(10):
            AccessRequestFactory(network=NetworkFactory())
        with django_assert_max_num_queries(MAX_STATEMENTS) as counted:
            officer.get(LIST)
        counts.append(len(counted))
    assert counts[0] == counts[1]
