"""The staff who keep a record, and the others, for tests of the workspace."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from networks.models import Network, User
from poles.models import Pole
from tests.factories import (
    CommuneFactory,
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    PoleFactory,
    UserFactory,
)

MAX_STATEMENTS = 12


@dataclass
class Kept:
    """A pole of ``network``, its editor and manager; ``stranger``: of another région."""

    pole: Pole
    network: Network
    editor: User
    manager: User
    officer: User
    stranger: User


def kept(**values: Any) -> Kept:
    """A pole with a seat; ``values``: of the pole, a draft if they do not say otherwise."""
    commune = CommuneFactory()
    network = NetworkFactory()
    NetworkRegionFactory(network=network, region=commune.region)
    manager = NetworkStaffFactory(network=network, role="responsable").user
    pole = PoleFactory(**{"seat": commune, "reference_network": network, **values})
    return Kept(
        pole,
        network,
        editor=NetworkStaffFactory(network=network).user,
        manager=manager,
        officer=UserFactory(officer=True),
        stranger=NetworkStaffFactory().user,
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
