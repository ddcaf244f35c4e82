"""A pole of hundreds of members is saved at once; beyond what a form may hold, it is told so."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members.models import Organisation
from poles.models import Draft, Membership, Pole
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.staff import Kept, kept, signed_in

pytestmark = pytest.mark.django_db
MEMBERS = 250


@pytest.fixture
def record() -> Kept:
    record = kept()
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Membre {n:03d}", slug=f"membre-nombreux-{n:03d}")
        for n in range(MEMBERS)
    )
    Membership.objects.bulk_create(
        Membership(pole=record.pole, organisation=each) for each in organisations
    )
    return record


@pytest.fixture
def editor(record: Kept) -> Client:
    return signed_in(record.editor)


def test_hundreds_of_members_are_saved_at_once(record: Kept, editor: Client) -> None:
    page = f"/espace/poles/{record.pole.pk}/membres/"
    rows = list(record.pole.memberships.order_by("pk"))
    years = {f"depuis-{row.pk}": "2021" for row in rows}
    sent = filled(editor.get(page), **years)
    # More than Django takes when nothing is said.
    assert sum(len(v) if isinstance(v, list) else 1 for v in sent.values()) > 1_000
    answer = editor.post(page, sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert record.pole.memberships.filter(begins_on="2021-01-01").count() == MEMBERS


def test_a_draft_of_hundreds_of_members_is_kept(record: Kept, editor: Client) -> None:
    page = f"/espace/poles/{record.pole.pk}/membres/"
    row = record.pole.memberships.order_by("pk").first()
    sent = filled(editor.get(page), **{f"depuis-{row.pk}": "2019"})
    assert editor.post(f"{page}brouillon/", sent).status_code < 300
    assert 'value="2019"' in editor.get(page).content.decode()


def too_long(client: Client, page: str, more: dict[str, Any]) -> Any:
    many = {f"champ-{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    return client.post(page, {**many, **more})


@pytest.mark.parametrize("form", ["fields", "files too", "weight"])
def test_beyond_that_it_is_told_and_nothing_is_lost(form: str) -> None:
    record = kept(summary="Avant")
    # As in production: an exception is a page.
    client = Client(raise_request_exception=False, enforce_csrf_checks=False)
    client.force_login(record.editor)
    page = f"/espace/poles/{record.pole.pk}/identite/"
    sent = filled(client.get(page), summary="Au brouillon")
    client.post(f"{page}brouillon/", sent)
    assert Draft.objects.count() == 1
    if form == "weight":
        weight = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        answer = client.post(page, f"summary={weight}", "application/x-www-form-urlencoded")
    else:
        more = {"f": SimpleUploadedFile("f.txt", b"f")} if form == "files too" else {}
        answer = too_long(client, page, {**sent, **more})
    html = answer.content.decode()
    assert answer.status_code == 413
    assert_clean_html(html)
    assert "Formulaire trop long" in html
    assert "Rien n’a été enregistré" in html
    assert Pole.objects.get(pk=record.pole.pk).summary == "Avant"
    assert "Au brouillon" in client.get(page).content.decode()
