"""Who keeps an organisation: those who keep the poles that it is in."""

from collections.abc import Iterable

from django.db.models import Q

from core.allowed import Allowed
from members.models import Organisation
from networks.models import User
from networks.permissions import can_use_workspace, can_write
from poles.models import Pole

NOT_YOURS = (
    "Cette organisation n’est dans aucun pôle dont vous pouvez changer la fiche\u00a0: votre "
    "changement est proposé à ceux qui les tiennent."
)
OF_OTHERS_TOO = (
    "Cette organisation est aussi dans des pôles publiés dont d’autres tiennent la fiche\u00a0: "
    "votre changement leur est proposé."
)


def poles_of(organisation: Organisation) -> list[Pole]:
    """The poles that it is in, was in or is the legal person of, with who keeps them.

    Three statements at most.
    """
    return list(
        Pole.objects.filter(
            Q(pk__in=organisation.memberships.values("pole")) | Q(legal_person=organisation)
        )
        # What a merged record kept of its own is no more a membership of anything.
        .filter(merged_into=None)
        .select_related("seat")
        .prefetch_related("networks", "coverage")
        .order_by("name", "pk")
    )


def can_write_organisation(
    user: User,
    organisation: Organisation,
    *,
    poles: Iterable[Pole] | None = None,
    joining: Iterable[Pole] = (),
) -> Allowed:
    """Whether what this person changes of it is written at once, rather than proposed.

    A change of kind or facts touches every pole that it is in. ``poles``: those of `poles_of`, if
    they are known already; ``joining``: those that it is about to be in.
    """
    usable = can_use_workspace(user)
    if not usable or user.is_officer:
        return usable
    found = [*(poles_of(organisation) if poles is None else poles), *joining]
    if any(pole.scope().published and not can_write(user, pole) for pole in found):
        mine = any(can_write(user, pole) for pole in found)
        return Allowed(OF_OTHERS_TOO if mine else NOT_YOURS)
    return Allowed() if any(can_write(user, pole) for pole in found) else Allowed(NOT_YOURS)
