"""Mails on the recognition of a pole: to its contact, its networks and the ministry."""

from django.conf import settings

from core.mail import send_later
from networks.models import Network
from poles.article9 import Assessment
from poles.composition import settling
from poles.models import Pole, RecordState
from poles.sentences import sentences


def concerned(pole: Pole) -> list[str]:
    """The addresses of the lead's contact, of the networks and of the ministry; once each."""
    networks = Network.objects.filter(polenetwork__pole=pole).values_list(
        "contact_email", flat=True
    )
    reference = pole.reference_network.contact_email if pole.reference_network else ""
    addresses = [pole.contact_email, reference, *networks.order_by("pk"), settings.MINISTRY_EMAIL]
    return list(dict.fromkeys(address for address in addresses if address))


def tell_of_regularisation(pole: Pole, assessment: Assessment) -> None:
    """Writes once to those concerned that the pole is in regularisation, why, and until when."""
    send_later(
        to=concerned(pole),
        subject=f"{pole.name}\u00a0: reconnaissance en régularisation",
        template="regularisation",
        context={
            "pole": pole,
            "published": pole.record_state == RecordState.PUBLISHED,
            "sentences": sentences(assessment, settling(assessment)),
        },
    )
