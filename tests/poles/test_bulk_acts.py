"""What officers do to many poles at once: previewed for each, then done for those that can."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Events

from networks.models import User
from poles.admin.acts import ACTS
from poles.models import Pole, VoiceLink
from tests import factories as made
from tests.html import html_findings
from tests.poles.mails import forget_mails, mails
from tests.poles.recognised import recognised, trio

pytestmark = pytest.mark.django_db
# A factory's class is not typed as what it makes.
new_pole: Any = made.PoleFactory
LIST = reverse("admin:poles_pole_changelist")


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(made.UserFactory(officer=True))
    return client


def asked(client: Client, name: str, poles: list[Any], **fields: Any) -> Any:
    selected = [str(pole.pk) for pole in poles]
    return client.post(LIST, {"action": name, "_selected_action": selected, **fields})


def chosen(client: Client, name: str, poles: list[Any], **fields: Any) -> Any:
    """The page as the list opens it, then with what it asks for."""
    page = asked(client, name, poles, index="0", select_across="0")
    assert page.status_code == 200
    assert [f for f in html_findings(page.content.decode()) if "inside the page" in f] == []
    return asked(client, name, poles, rehearse="1", **fields) if fields else page


def confirmed(client: Client, name: str, poles: list[Any], page: Any, **fields: Any) -> Any:
    more = {"confirm": "1", "digest": page.context["digest"]}
    return asked(client, name, poles, **more, **fields)


def outcome(page: Any) -> tuple[dict[str, str], dict[str, str]]:
    found = page.context["outcome"]
    return dict(found.done), dict(found.refused)


def complete(**more: Any) -> Any:
    pole = new_pole(summary="Ce qu’il fait", seat=made.CommuneFactory(), **more)
    made.MembershipFactory(pole=pole)
    return pole


def state_of(pole: Any) -> str:
    return Pole.objects.get(pk=pole.pk).record_state


def test_complete_records_are_published_and_the_others_say_what_they_lack(officer: Client) -> None:
    ready = complete(record_state="brouillon")
    bare = new_pole(record_state="brouillon", summary="")
    public = complete(record_state="publie")
    poles = [ready, bare, public]
    page = chosen(officer, "publish", poles)
    done, refused = outcome(page)
    assert done == {ready.name: "publiée (brouillon jusque-là)"}
    assert "Il manque" in refused[bare.name]
    assert refused[public.name] == "La fiche est déjà publiée."
    # Rehearsed and undone.
    assert state_of(ready) == "brouillon"

    answer = confirmed(officer, "publish", poles, page, why="Relecture du lundi")
    assert answer.status_code == 302
    assert state_of(ready) == "publie"
    event = Events.objects.references(ready).filter(pgh_obj_model="poles.Pole").last()
    assert event.pgh_context["why"] == "Relecture du lundi"
    said = [str(message) for message in officer.get(LIST).context["messages"]]
    assert said[0] == "Publier les fiches\u00a0: fait pour 1 sur 3."
    assert "refusé pour 2 sur 3" in said[1]


def test_poles_are_recognised_by_their_composition_and_with_a_reason(officer: Client) -> None:
    pole, _ = trio()
    already, _ = recognised()
    alone = new_pole()
    poles = [pole, already, alone]
    on = {"on": "2026-02-01"}
    page = chosen(officer, "recognise", poles, **on)
    done, refused = outcome(page)
    assert done == {pole.name: "reconnu"}
    assert refused[already.name] == "Ce pôle est déjà reconnu."
    assert "composition minimale" in refused[alone.name]
    again = confirmed(officer, "recognise", poles, page, **on)
    assert "Dites pourquoi" in again.content.decode()
    confirmed(officer, "recognise", poles, page, **on, why="Dossiers complets")
    pole.refresh_from_db()
    assert (pole.recognition, pole.recognition_reason) == ("reconnu", "Dossiers complets")
    assert pole.recognition_on == date(2026, 2, 1)
    assert Pole.objects.get(pk=alone.pk).recognition == "aucune"


def test_what_is_confirmed_is_what_was_previewed(officer: Client) -> None:
    first, second = made.NetworkFactory(), made.NetworkFactory()
    pole = new_pole()
    page = chosen(officer, "assign", [pole], network=str(first.pk))
    assert outcome(page)[0] == {pole.name: first.name}
    other = confirmed(officer, "assign", [pole], page, network=str(second.pk))
    assert other.context["moved"]
    assert Pole.objects.get(pk=pole.pk).reference_network is None
    confirmed(officer, "assign", [pole], page, network=str(first.pk))
    assert Pole.objects.get(pk=pole.pk).reference_network == first
    assert asked(officer, "assign", [pole], rehearse="1").context["outcome"] is None


def test_nobody_is_reminded_twice_in_a_month(officer: Client) -> None:
    network = made.NetworkFactory()
    manager = made.NetworkStaffFactory(network=network, role="responsable").user
    written = new_pole(record_state="publie", contact_email="pole@exemple.invalid")
    kept = new_pole(record_state="publie", reference_network=network)
    alone = new_pole(record_state="publie")
    draft = new_pole(record_state="brouillon", contact_email="autre@exemple.invalid")
    poles = [written, kept, alone, draft]
    page = chosen(officer, "remind", poles)
    done, refused = outcome(page)
    assert set(done) == {written.name, kept.name}
    assert "ni contact ni réseau" in refused[alone.name]
    assert "publiée" in refused[draft.name]
    assert not VoiceLink.objects.filter(pole=written).exists()
    # In tests a mail leaves at once, where it is a row of the transaction that is undone.
    forget_mails()
    confirmed(officer, "remind", poles, page)
    assert VoiceLink.objects.get(pole=written).sent_by_id == int(officer.session["_auth_user_id"])
    assert {each.to for each in mails()} == {"pole@exemple.invalid", manager.email}

    done, refused = outcome(chosen(officer, "remind", poles))
    assert not done
    assert "dans les 30 derniers jours" in refused[written.name]
    assert "dans les 30 derniers jours" in refused[kept.name]
    VoiceLink.objects.update(sent_at=timezone.now() - timedelta(days=31))
    assert set(outcome(chosen(officer, "remind", poles))[0]) == {written.name}


def test_all_of_a_list_is_taken_within_a_limit(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    poles = [complete(record_state="brouillon", acronym="ZZLOT") for _ in range(3)]
    here = f"{LIST}?q=zzlot"
    page = officer.post(
        here, {"action": "publish", "_selected_action": [str(poles[0].pk)], "index": "0"}
    )
    assert (page.context["total"], page.context["all_of_them"]) == (1, 3)
    fields = {"action": "publish", "_selected_action": str(poles[0].pk), "select_across": "1"}
    page = officer.post(here, fields)
    assert len(outcome(page)[0]) == 3
    monkeypatch.setattr("core.admin.acts.MOST_ROWS", 2)
    beyond = officer.post(here, fields)
    assert (beyond.context["too_many"], beyond.context["outcome"]) == (3, None)
    officer.post(here, {**fields, "confirm": "1", "digest": page.context["digest"]})
    assert {state_of(pole) for pole in poles} == {"brouillon"}
    monkeypatch.undo()
    officer.post(here, {**fields, "confirm": "1", "digest": page.context["digest"]})
    assert {state_of(pole) for pole in poles} == {"publie"}


def test_a_selection_is_exported(officer: Client) -> None:
    pole, other = new_pole(), new_pole()
    page = chosen(officer, "export_selected", [pole])
    assert page.context["total"] == 1
    raw = asked(officer, "export_selected", [pole], format="csv").content.decode()
    assert pole.public_id not in {None, other.public_id}
    assert pole.slug in raw
    assert other.slug not in raw


def test_who_may_not_is_not_offered(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pole = complete(record_state="brouillon")
    monkeypatch.setattr(
        User, "has_perm", lambda self, perm, obj=None: perm.partition(".")[2].startswith("view_")
    )
    for act in ACTS:
        asked(officer, act.name, [pole], confirm="1", digest="", why="Non")
    assert state_of(pole) == "brouillon"
