"""What the pole itself proposes: the corrections that anyone may suggest, under its own name."""

from typing import Any

from django.http import HttpRequest

from directory.forms.correction import CorrectionForm
from poles.models import Pole, ProposalOrigin


class VoiceForm(CorrectionForm):
    purpose = "voix"
    origin = ProposalOrigin.POLE

    def __init__(self, data: Any = None, *, pole: Pole, request: HttpRequest) -> None:
        self.pole = pole
        super().__init__(data, record=pole, request=request)
        # Who speaks is known, and so is where the answer goes.
        del self.fields["email"]
        del self.fields["source"]
        self.fields["members"].label = "Qui est arrivé, qui est parti"
        self.fields[
            "members"
        ].help_text = "Le nom de chaque membre, son rôle, et depuis quand ou jusqu’à quand"

    @property
    def address(self) -> str:
        return self.pole.contact_email
