"""What the pages of the history ask of a record, be it a pole or an organisation."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import reverse

from core.allowed import Allowed
from members.models import Organisation
from networks.models import User
from networks.permissions import can_propose, can_write
from poles.keeping import can_write_organisation
from poles.models import Pole
from poles.record import ORGANISATION_FIELDS, Change, Texts
from poles.record.fields import Json
from poles.record.history import Entry, history_of
from poles.record.organisation_history import history_of_organisation, versions_of_organisation
from poles.record.versions import Version, versions_of
from workspace.breadcrumb import breadcrumb
from workspace.saving import CONSENT, Outcome, save, save_organisation
from workspace.telling import SectionTold, fields_told, sections_told


class Remembered(Protocol):
    """A record and this person: its history, its versions, what they may do with them."""

    history_address: str
    version_address: str
    record: Any

    @property
    def writes(self) -> Allowed: ...

    @property
    def may(self) -> bool: ...

    def entries(self, page: int) -> tuple[list[Entry], bool]: ...

    def merged(self) -> list[Any]: ...

    def versions(self, *numbers: int) -> list[Version]: ...

    def texts(self, *values: Mapping[str, Json]) -> Texts: ...

    def sections(self, values: Mapping[str, Json], texts: Texts) -> list[SectionTold]: ...

    def save(self, request: HttpRequest, changes: list[Change], why: str) -> Outcome: ...

    def breadcrumb(self, current: str, *, above: bool = True) -> dict[str, Any]: ...


class RememberedPole:
    history_address = "workspace:pole-history"
    version_address = "workspace:pole-version"

    def __init__(self, pole: Pole, user: User) -> None:
        self.record, self.user = pole, user

    @cached_property
    def writes(self) -> Allowed:
        return can_write(self.user, self.record)

    @property
    def may(self) -> bool:
        return bool(self.writes or can_propose(self.user, self.record))

    def entries(self, page: int) -> tuple[list[Entry], bool]:
        return history_of(self.record, page)

    def merged(self) -> list[Any]:
        """The doubles that were merged into it, each of which keeps a history of its own."""
        return list(self.record.merged_poles.order_by("name", "pk"))

    def versions(self, *numbers: int) -> list[Version]:
        return versions_of(self.record, *numbers)

    def texts(self, *values: Mapping[str, Json]) -> Texts:
        return Texts(values)

    def sections(self, values: Mapping[str, Json], texts: Texts) -> list[SectionTold]:
        return sections_told(values, texts)

    def save(self, request: HttpRequest, changes: list[Change], why: str) -> Outcome:
        return save(request, self.record, changes, why)

    def breadcrumb(self, current: str, *, above: bool = True) -> dict[str, Any]:
        record = (reverse("workspace:pole", args=[self.record.pk]), self.record.name)
        history = (reverse(self.history_address, args=[self.record.pk]), "Historique")
        return breadcrumb(current, record, *([history] if above else []))


class RememberedOrganisation:
    history_address = "workspace:organisation-history"
    version_address = "workspace:organisation-version"
    # Whoever keeps none of its poles proposes to those who do.
    may = True

    def __init__(self, organisation: Organisation, user: User) -> None:
        self.record, self.user = organisation, user

    @cached_property
    def writes(self) -> Allowed:
        return can_write_organisation(self.user, self.record)

    def entries(self, page: int) -> tuple[list[Entry], bool]:
        return history_of_organisation(self.record, page)

    def merged(self) -> list[Any]:
        # Their histories are told with its own.
        return []

    def versions(self, *numbers: int) -> list[Version]:
        return versions_of_organisation(self.record, *numbers)

    def texts(self, *values: Mapping[str, Json]) -> Texts:
        return Texts(values, ORGANISATION_FIELDS)

    def sections(self, values: Mapping[str, Json], texts: Texts) -> list[SectionTold]:
        return [SectionTold("L’organisation", fields_told(ORGANISATION_FIELDS, values, texts), [])]

    def save(self, request: HttpRequest, changes: list[Change], why: str) -> Outcome:
        accepts = CONSENT in request.POST
        return save_organisation(self.user, self.record, changes, source=why, regularising=accepts)

    def breadcrumb(self, current: str, *, above: bool = True) -> dict[str, Any]:
        record = (reverse("workspace:organisation", args=[self.record.pk]), self.record.name)
        history = (reverse(self.history_address, args=[self.record.pk]), "Historique")
        return breadcrumb(current, record, *([history] if above else []))
