"""Passwords: long enough, not common ones, nor the person's own names."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from networks.models import User

PERSON = User(email="camille.durand@exemple.invalid", full_name="Camille Durand")


@pytest.mark.parametrize(
    "password",
    [
        "onze lettre",
        "motdepasse123",
        "Motdepasse!2026",
        "AZERTYUIOP2026",
        "azertyazerty",
        "bonjourbonjour",
        "123456789012",
        "123456123456",
        "aaaaaaaaaaaaa",
        "abababababab",
        "Registre-PTCE-2026",
        "password1234",
        "camille.durand",
        "Camille Durand 75",
    ],
)
def test_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, PERSON)


@pytest.mark.parametrize(
    "password",
    ["une phrase de passe", "trois-chats-sur-un-mur", "gT7#vQ2!xL9z", "bonjour les voisins du 3e"],
)
def test_accepted(password: str) -> None:
    validate_password(password, PERSON)
