from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from networks.models import Network, NetworkStaff, User
from tests.factories import (
    PASSWORD,
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    RegionFactory,
    UserFactory,
)
from tests.forms import filled

pytestmark = pytest.mark.django_db

USERS = (
    "/admin/networks/user/",
    "/admin/networks/user/add/",
)


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory(administrator=True)
    client.force_login(user)
    return user


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def test_the_site_s_own_sign_in_opens_it(client: Client) -> None:
    for page in ("/admin/", "/admin/poles/pole/?q=a"):
        asked = client.get(page, follow=True).redirect_chain[-1][0]
        assert asked == f"/compte/connexion/?{urlencode({'next': page}, safe='/')}"


def test_others_stay_outside(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(UserFactory(officer=True, is_active=False))
    assert client.get("/admin/").status_code == 302


def test_one_s_own_password_is_changed_in_one_place(client: Client, officer: User) -> None:
    done = client.get("/admin/password_change/")
    assert done.headers["Location"] == "/compte/mot-de-passe/"
    assert client.post("/admin/logout/").headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_accounts_are_the_administrators_affair(client: Client, officer: User) -> None:
    for url in (*USERS, f"/admin/networks/user/{officer.pk}/change/"):
        assert client.get(url).status_code == 403
    assert "Comptes" not in client.get("/admin/").content.decode()
    lookup = {"app_label": "networks", "model_name": "networkstaff", "field_name": "user"}
    assert client.get("/admin/autocomplete/", {**lookup, "term": "a"}).status_code == 403


def test_an_administrator_makes_an_account(client: Client, administrator: User) -> None:
    add = reverse("admin:networks_user_add")
    typed = filled(
        client.get(add),
        email="nouvelle@exemple.invalid",
        full_name="Nouvelle",
        role="agent",
        password1=PASSWORD,
        password2=PASSWORD,
    )
    assert client.post(add, typed).status_code == 302
    made = User.objects.get(email="nouvelle@exemple.invalid")
    assert (made.role, made.is_staff, made.check_password(PASSWORD)) == ("agent", True, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password2": "autre chose de long"}, "password2"),
        ({"password1": "court", "password2": "court"}, "password2"),
        ({"email": "pas une adresse"}, "email"),
        ({"email": "PRISE@exemple.invalid"}, "email"),
        ({"role": "roi"}, "role"),
    ],
)
def test_a_wrong_account_is_told_beside_its_field(
    client: Client, administrator: User, typed: dict[str, str], field: str
) -> None:
    UserFactory(email="prise@exemple.invalid")
    add = reverse("admin:networks_user_add")
    right = {
        "email": "nouvelle@exemple.invalid",
        "role": "agent",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    page = client.post(add, filled(client.get(add), **right | typed))
    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field]


def test_an_account_is_changed_and_its_password_too(client: Client, administrator: User) -> None:
    user = UserFactory()
    url = reverse("admin:networks_user_change", args=[user.pk])
    done = client.post(url, filled(client.get(url), full_name="Autre nom", role="agent"))
    assert done.status_code == 302
    user.refresh_from_db()
    assert (user.full_name, user.role, user.check_password(PASSWORD)) == (
        "Autre nom",
        "agent",
        True,
    )
    password = reverse("admin:auth_user_password_change", args=[user.pk])
    assert client.get(password).status_code == 200
    new = "une autre phrase de passe"
    done = client.post(password, {"password1": new, "password2": new, "usable_password": "true"})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_an_administrator_remains(client: Client, administrator: User) -> None:
    officer = UserFactory(officer=True)
    url = reverse("admin:networks_user_change", args=[administrator.pk])
    for typed in ({"role": "agent"}, {"is_active": ""}):
        page = client.post(url, filled(client.get(url), **typed))
        assert "Le registre garde un administrateur" in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_administrator
    User.objects.filter(pk=officer.pk).update(role="administrateur")
    assert client.post(url, filled(client.get(url), role="agent")).status_code == 302


def test_accounts_are_erased_and_never_deleted(client: Client, administrator: User) -> None:
    user = UserFactory()
    url = reverse("admin:networks_user_change", args=[user.pk])
    assert "/delete/" not in client.get(url).content.decode()
    assert (
        client.post(f"/admin/networks/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    listed = client.get("/admin/networks/user/").content.decode()
    assert "delete_selected" not in listed


def add_colleague(client: Client, network: Network, email: str, role: str = "responsable") -> Any:
    url = reverse("admin:networks_network_change", args=[network.pk])
    count = network.staff.count()
    return client.post(
        url,
        filled(
            client.get(url),
            **{
                "staff-TOTAL_FORMS": count + 1,
                f"staff-{count}-network": network.pk,
                f"staff-{count}-email": email,
                f"staff-{count}-role": role,
            },
        ),
    )


def staff_errors(page: Any) -> str:
    formsets = [i.formset for i in page.context["inline_admin_formsets"]]
    return str([f.errors for f in formsets if f.prefix == "staff"])


def test_an_officer_adds_a_colleague_by_address(client: Client, officer: User) -> None:
    network, user = NetworkFactory(), UserFactory()
    assert add_colleague(client, network, user.email.upper()).status_code == 302
    kept = NetworkStaff.objects.get(network=network)
    assert (kept.user, kept.role) == (user, "responsable")


def test_the_first_of_a_network_is_its_manager(client: Client, officer: User) -> None:
    network, user = NetworkFactory(), UserFactory()
    page = add_colleague(client, network, user.email, role="redacteur")
    assert "sa première personne l’est" in page.content.decode()
    assert not network.staff.exists()


def test_an_unknown_address_is_told(client: Client, officer: User) -> None:
    page = add_colleague(client, NetworkFactory(), "inconnue@exemple.invalid")
    assert page.status_code == 200
    assert "Aucun compte à cette adresse" in staff_errors(page)


def test_a_colleague_is_there_once(client: Client, officer: User) -> None:
    staff = NetworkStaffFactory()
    page = add_colleague(client, staff.network, staff.user.email)
    assert page.status_code == 200
    assert "déjà dans le réseau" in staff_errors(page)


def test_a_commune_is_no_region(client: Client, officer: User) -> None:
    """The list of choices holds regions alone, and the database agrees."""
    network, region = NetworkFactory(), RegionFactory()
    lookup = {"app_label": "networks", "model_name": "networkregion", "field_name": "region"}
    found = client.get("/admin/autocomplete/", {**lookup, "term": region.name}).json()["results"]
    assert found == [{"id": str(region.pk), "text": f"{region.name} – région"}]
    found = client.get("/admin/autocomplete/", {**lookup, "term": "vannes"}).json()["results"]
    assert found == []
    url = reverse("admin:networks_network_change", args=[network.pk])
    assert client.get(url).status_code == 200


def test_networks_by_region(client: Client, officer: User) -> None:
    link = NetworkRegionFactory()
    NetworkFactory()
    url = reverse("admin:networks_network_changelist")
    found = client.get(url, {"region": link.region.code}).context["cl"].result_list
    assert list(found) == [link.network]
    assert f'<td class="field-covers">{link.region.name}</td>' in client.get(
        url, {"q": link.network.name}
    ).content.decode().replace("&#x27;", "'")
