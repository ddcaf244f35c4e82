"""Mails leave with the transaction that wrote them, one by one, and are tried again."""

from typing import Any

import pytest
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from core.mail import send_later
from core.tasks import send_mail
from tests.factories import PoleFactory, UserFactory
from tests.html import html_findings

pytestmark = pytest.mark.django_db
IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def write(*to: str) -> None:
    pole = PoleFactory(name="Pôle <du> Val & Cie")
    context = {"pole": pole, "published": False, "sentences": ["Une phrase."]}
    send_later(to=to, subject="Un\nobjet\u00a0: x", template="regularisation", context=context)


def test_each_address_gets_its_own(mailoutbox: list[Any]) -> None:
    write("un@exemple.invalid", "", "deux@exemple.invalid", " Un@Exemple.invalid ")
    written = [mail.recipients() for mail in mailoutbox]
    assert written == [["un@exemple.invalid"], ["deux@exemple.invalid"]]
    assert mailoutbox[0].subject == "Un objet\u00a0: x"
    assert "Pôle <du> Val & Cie" in mailoutbox[0].body
    assert "Pôle &lt;du&gt; Val &amp; Cie" in mailoutbox[0].alternatives[0].content


def test_without_an_address_nothing_is_written(mailoutbox: list[Any]) -> None:
    send_later(to=[""], subject="x", template="absent", context={})
    assert not mailoutbox


def test_headers_are_sent(mailoutbox: list[Any]) -> None:
    send_later(
        to=["un@exemple.invalid"],
        subject="x",
        template="regularisation",
        context={"pole": PoleFactory(), "published": False, "sentences": []},
        headers={"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    sent = mailoutbox[0].message()
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_missing_template_is_known_at_once() -> None:
    with pytest.raises(TemplateDoesNotExist):
        send_later(to=["un@exemple.invalid"], subject="x", template="absent", context={})


def test_what_is_undone_is_not_sent(settings: Any, mailoutbox: list[Any]) -> None:
    settings.TASKS = IN_DATABASE
    with transaction.atomic():
        write("un@exemple.invalid")
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    write("deux@exemple.invalid")
    written = DBTaskResult.objects.get()
    assert not mailoutbox
    # What the worker calls; it would close the connection of this test.
    written.task.func(*written.args_kwargs["args"])
    assert [mail.to for mail in mailoutbox] == [["deux@exemple.invalid"]]


def test_a_server_that_is_down_is_tried_again(settings: Any, monkeypatch: Any) -> None:
    settings.TASKS = IN_DATABASE

    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    headers = {"List-Unsubscribe": "<https://exemple.invalid/>"}
    send_mail.func("un@exemple.invalid", "x", "x", "x", headers=headers)
    again = DBTaskResult.objects.get()
    assert again.args_kwargs["args"][-3:] == [1, headers, None]
    assert again.run_after is not None
    with pytest.raises(ConnectionRefusedError):
        send_mail.func("un@exemple.invalid", "x", "x", "x", 3)


def test_all_the_rows_or_none(settings: Any, monkeypatch: Any) -> None:
    settings.TASKS = IN_DATABASE
    create = DBTaskResult.objects.create
    written: list[Any] = []

    def fail_at_the_second(**values: Any) -> Any:
        if written:
            raise RuntimeError
        written.append(create(**values))
        return written[0]

    monkeypatch.setattr(DBTaskResult.objects, "create", fail_at_the_second)
    with pytest.raises(RuntimeError):
        write("un@exemple.invalid", "deux@exemple.invalid")
    assert written
    assert not DBTaskResult.objects.exists()


def test_both_versions_say_all(mailoutbox: list[Any], settings: Any) -> None:
    write("un@exemple.invalid")
    html = mailoutbox[0].alternatives[0].content
    # A page of the site would need its heading; a letter has none.
    assert html_findings(html) == ["0 <h1>"]
    for version in (mailoutbox[0].body, html):
        assert "Une phrase." in version
        assert "Registre national des PTCE" in version
        assert settings.SITE_URL in version
        assert "Message automatique" in version


def test_what_was_not_sent_is_shown_to_administrators_alone(settings: Any, client: Client) -> None:
    settings.TASKS = IN_DATABASE
    write("un@exemple.invalid")
    failed = DBTaskResult.objects.get()
    failed.set_failed(ConnectionRefusedError("Serveur fermé"))
    pages = [
        reverse("admin:core_backgroundtask_changelist") + "?etat=FAILED",
        reverse("admin:core_backgroundtask_change", args=[failed.pk]),
    ]
    client.force_login(UserFactory(officer=True))
    assert [client.get(page).status_code for page in pages] == [403, 403]
    client.force_login(UserFactory(administrator=True))
    shown = [client.get(page).content.decode() for page in pages]
    assert str(failed.pk) in shown[0]
    assert "Serveur fermé" in shown[1]
    assert all(" style=" not in page and "<style" not in page for page in shown)
