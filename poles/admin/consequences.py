"""What a save of the admin would do to recognised poles: told, then done only if it is accepted."""

from django.conf import settings
from django.http import HttpRequest

from core.admin import consent
from networks.models import User
from poles.recognition import BreaksRecognition, settle_broken


def check(request: HttpRequest) -> None:
    officer = request.user if isinstance(request.user, User) else None
    try:
        settle_broken(
            regularising=consent.is_accepted(request),
            officer=officer,
            reason=request.POST.get("_why", "").strip(),
        )
    except BreaksRecognition as error:
        raise consent.ConsentNeeded(
            "Enregistrer ce changement et passer en régularisation "
            f"({settings.REGULARISATION_DAYS} jours) ; les personnes concernées sont prévenues.",
            lambda error=error: [  # type: ignore[misc]
                f"Le pôle «\u00a0{each.pole.name}\u00a0» est reconnu. {each.falls}"
                for each in error.broken
            ],
        ) from error


consent.checks.append(check)
