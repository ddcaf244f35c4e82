"""The pages of a pole in the admin: where they are, what they say, how they are saved."""

from typing import Any

from django.test import Client
from django.urls import reverse

from poles.models import Pole
from tests.breaking import run
from tests.forms import filled


def change(pole: Pole) -> str:
    return reverse("admin:poles_pole_change", args=[pole.pk])


def history(pole: Pole) -> str:
    return reverse("admin:poles_pole_history", args=[pole.pk])


def errors(response: Any) -> str:
    return response.context["adminform"].form.non_field_errors().as_text()


def messages(response: Any) -> str:
    """All that the page complains of, on the form and on its rows."""
    rows = [f.errors for f in response.context["inline_admin_formsets"][0].formset.forms]
    return f"{errors(response)} {rows}"


def forget_context() -> None:
    """In the site a request's context ends with its transaction; here, all is one transaction."""
    run("SELECT set_config('pghistory.context_id', '', true)")


def save(client: Client, pole: Pole, **typed: Any) -> Any:
    return client.post(change(pole), filled(client.get(change(pole)), **typed))
