"""What Django's list of common passwords does not know: French ones, and what repeats itself."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from core.text import normalise

_FEWEST_CHARACTERS = 5
# The commonest passwords of French leaks, and the words of this site.
_COMMON = frozenset(
    """
    admin administrateur administration adminadmin amour azerty azertyuiop azertyuiopqsdfghjklm
    bienvenue bonjour chocolat chouchou coucou cress doudou essess famille france jetaime liberte
    loulou marseille ministere motdepasse motpasse nicolas pole poles ptce ptceptce qwerty
    qwertyuiop registre registreptce secret soleil utilisateur wxcvbn
    """.split()
)


class FrenchCommonPasswordValidator:
    """Refuses a common word with figures or signs around it, and what repeats itself."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = re.sub(r"[^a-z]", "", normalise(password))
        repeated = re.fullmatch(r"(.{1,6}?)\1+.{0,5}", password, re.DOTALL)
        few = len(set(password)) < _FEWEST_CHARACTERS
        if repeated or few or letters in _COMMON or _core(letters) in _COMMON:
            raise ValidationError("Ce mot de passe est trop courant.", code="password_too_common")

    def get_help_text(self) -> str:
        return "Votre mot de passe ne peut pas être un mot courant suivi de chiffres."


def _core(letters: str) -> str:
    """The word that is written twice or more; the letters themselves if there is none."""
    found = re.fullmatch(r"(.+?)\1+", letters)
    return found[1] if found else letters
