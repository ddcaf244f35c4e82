"""Two records of one pole, and their merge."""

from typing import Any

from networks.models import User
from poles.merging.poles import merge_poles
from poles.models import Merge, Pole
from tests.factories import NetworkFactory, PoleFactory

WHY = "Le même pôle, relevé dans deux pages."


def pair(**values: Any) -> tuple[Pole, Pole]:
    both = {"published": True, "reference_network": NetworkFactory(), **values}
    return (
        PoleFactory(name="Pôle Zorglub", summary="Ce qu’il fait.", **both),
        PoleFactory(name="PTCE Zorglub", slug="ptce-zorglub", acronym="PZ", **both),
    )


def merge(kept: Pole, merged: Pole, by: User, **asked: Any) -> Merge:
    return merge_poles(kept, merged, by=by, **{"reason": WHY, **asked})
