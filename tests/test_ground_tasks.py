"""Tasks of the worker in the admin: in French, without what opens an account, taken up again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import BackgroundTask
from core.tasks import send_mail
from core.templatetags.french import moment
from tests.breaking import update
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/core/backgroundtask/"


@pytest.fixture
def administrator(client: Client, settings: Any) -> Client:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    client.force_login(UserFactory(administrator=True))
    return client


def mail(to: str = "anne@exemple.invalid", **more: Any) -> BackgroundTask:
    """A mail whose text opens an account."""
    send_mail.enqueue(to, "Votre compte", "https://lien", "<p>Lien</p>")
    task = BackgroundTask.objects.latest("enqueued_at")
    if more:
        update(task, **more)
    return task


def test_it_is_told_in_french_and_without_its_text(administrator: Client) -> None:
    task = mail(status="FAILED", exception_class_path="builtins.OSError", traceback="Trace <1>")
    listed = administrator.get(LIST).content.decode()
    page = administrator.get(reverse("admin:core_backgroundtask_change", args=[task.pk]))
    shown = page.content.decode()
    for html in (listed, shown):
        for words in ("Envoi d’un courriel", "Votre compte, à anne@exemple.invalid", "Échouée"):
            assert words in html
        for words in ("https://lien", "Task", "Traceback", "Enqueued", "Status"):
            assert words not in html
    assert "<pre>Trace &lt;1&gt;</pre>" in shown
    assert ">None<" not in shown
    assert shown.count(moment(task.enqueued_at)) > 1
    assert "Envoi d’un courriel" in administrator.get("/admin/").content.decode()


def test_it_is_found_by_address_state_and_kind(administrator: Client) -> None:
    task = mail(status="FAILED")
    mail("luc@exemple.invalid", task_path="ancienne.tache")

    def found(**asked: str) -> list[BackgroundTask]:
        return list(administrator.get(LIST, asked).context["cl"].result_list)

    assert found(q="anne@exemple") == found(etat="FAILED") == [task]
    assert found(tache="core.tasks.send_mail") == [task]
    assert len(found(etat="inconnu")) == len(found()) == 2


def test_those_that_failed_are_taken_up_again(administrator: Client) -> None:
    failed, sent = mail(status="FAILED"), mail(status="SUCCESSFUL")
    chosen = {"action": "again", "_selected_action": [failed.pk, sent.pk]}
    answer = administrator.post(LIST, chosen, follow=True)
    assert "Tâches relancées\u00a0: 1." in answer.content.decode()
    ready = BackgroundTask.objects.ready()
    assert list(ready) == [failed]
    ready.get().task_result  # noqa: B018
    again = administrator.post(LIST, chosen, follow=True)
    assert "Aucune des tâches choisies n’a échoué" in again.content.decode()
