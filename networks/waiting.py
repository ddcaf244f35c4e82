"""What waits for the ministry among the people of networks."""

from functools import partial

from django.db.models import F, TextField, Value
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.urls import reverse

from core.waiting import Waits
from networks.models import AccessRequest, AccessState, Invitation


def _page(name: str, pk: str) -> str:
    return reverse(name, args=[pk])


def waiting() -> list[Waits]:
    return [
        Waits(
            slug="acces",
            title="Demandes d’accès",
            rows=AccessRequest.objects.filter(state=AccessState.WAITING),
            name=F("full_name"),
            day=TruncDate("created_at"),
            page=partial(_page, "workspace:access-request"),
            listed=reverse("workspace:access-requests"),
        ),
        Waits(
            slug="invitations",
            title="Invitations sans réponse",
            rows=Invitation.objects.filter(accepted_at=None, withdrawn_at=None),
            name=Concat(
                F("email"),
                Value(" – "),
                Coalesce(F("network__name"), Value("le ministère")),
                output_field=TextField(),
            ),
            day=TruncDate("expires_at"),
            page=partial(_page, "admin:networks_invitation_change"),
            deadline=True,
        ),
    ]
