"""Where the pole has its seat: a territory, an address, and a point found or put by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import reverse_lazy

from poles.models import Pole, PositionOrigin
from poles.record.fields import Json
from territories.finding import commune_of
from territories.geocoder import Answer, Place, search
from territories.models import Territory
from workspace.sections.base import SectionForm, of
from workspace.sections.picking import Pick, Picked, Territories

LOOK_UP = "chercher"
_SALT = "workspace.place"
_WRONG = (
    "Écrivez la latitude, puis la longitude, comme «\u00a047.65836, -2.75944\u00a0», ou videz ce "
    "champ."
)
_UNSURE = (
    "Le géocodage n’est pas sûr de cette adresse\u00a0: vérifiez le point, puis cochez cette case."
)
_PROPOSING = {"data-combobox": reverse_lazy("workspace:pick-addresses")}
_POSITION = ("latitude", "longitude", "position_origin", "geocoding_score", "geocoding_label")
_NOWHERE: dict[str, Json] = dict(zip(_POSITION, (None, None, "", None, ""), strict=True))
_DEGREES = r"([+-]?\d{1,3}(?:[.,]\d{1,15})?)"
_TYPED = re.compile(rf"\s*{_DEGREES}\s*[,;\s]\s*{_DEGREES}\s*")


@dataclass(frozen=True)
class Candidate:
    """A place that the geocoder found, as the page offers it; ``token`` is what it sends back."""

    place: Place
    token: str


def token_of(place: Place) -> str:
    """The place, signed: its score is the geocoder's, not the browser's."""
    values = [str(place.latitude), str(place.longitude), place.score, place.label, place.citycode]
    return signing.dumps(values, salt=_SALT, compress=True)


def place_of(token: str) -> Place | None:
    try:
        latitude, longitude, score, label, code = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Place(label, score, "", Decimal(latitude), Decimal(longitude), code)


def position_text(values: Mapping[str, Json]) -> str:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    return f"{latitude}, {longitude}" if latitude is not None and longitude is not None else ""


class Position(forms.CharField):
    """A latitude and a longitude in one line; (None, None) where it is empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None, None
        found = _TYPED.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_WRONG)
        try:
            latitude, longitude = (Decimal(each.replace(",", ".")) for each in found.groups())
        except InvalidOperation as error:
            raise forms.ValidationError(_WRONG) from error
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise forms.ValidationError(_WRONG)
        return round(latitude, 5), round(longitude, 5)


class PlaceForm(SectionForm):
    slug = "lieu"
    fields_template = "workspace/form/place.html"
    mapped = True

    seat = Pick(
        Territories(),
        label="Siège",
        required=False,
        help_text=(
            "La commune, ou à défaut le territoire le plus précis que l’on connaisse. Sans point, "
            "le pôle est montré en son centre."
        ),
    )
    address = of(
        "address",
        label="Adresse",
        widget=forms.TextInput(attrs={"autocomplete": "off", **_PROPOSING}),
        help_text="Numéro et rue, code postal et commune. Elle est publique.",
    )
    trouve = forms.CharField(required=False, widget=forms.HiddenInput)
    position = Position(
        label="Latitude et longitude",
        required=False,
        max_length=60,
        help_text=(
            "Remplies par l’adresse ou par la carte. Vous pouvez aussi les écrire, ou les effacer."
        ),
    )
    sur = forms.BooleanField(
        label="J’ai vérifié que ce point est le bon",
        required=False,
        help_text="Demandé quand le géocodage n’est pas sûr de l’adresse.",
    )
    answer: Answer | None = None

    @staticmethod
    def asks(sent: QueryDict) -> bool:
        return LOOK_UP in sent

    def look_up(self) -> None:
        self.answer = search(str(self.initial.get("address") or ""))

    def initial_of(self, values: Mapping[str, Json]) -> dict[str, Any]:
        return {**super().initial_of(values), "position": position_text(values)}

    def key_of(self, name: str) -> str:
        return "latitude" if name in {"trouve", "position", "sur"} else name

    @property
    def chosen(self) -> Place | None:
        """The place that was chosen among those found, and not moved since."""
        place = place_of(self.cleaned_data.get("trouve", ""))
        if place is None or "position" not in self.cleaned_data:
            return None
        here = self.cleaned_data["position"] == (place.latitude, place.longitude)
        # Without a script the choice alone says it: the line is as it was.
        return place if here or "position" not in self.changed_data else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        place = self.chosen
        if place is None:
            return cleaned
        if not place.sure and not cleaned.get("sur"):
            self.add_error("sur", _UNSURE)
        commune = commune_of(place.citycode)
        if commune is not None and "seat" in cleaned:
            cleaned["seat"] = self._seat(cleaned["seat"], commune)
        return cleaned

    def _seat(self, seat: int | None, commune: Territory) -> int | None:
        """The commune of the address where the seat is less precise, or not said."""
        if seat == commune.pk:
            return seat
        known = Territory.objects.filter(pk=seat).first() if seat is not None else None
        if known is None or known.kind != commune.kind:
            return commune.pk
        self.add_error(
            "seat",
            f"L’adresse trouvée est à {commune.label}, et le siège à {known.label}\u00a0: changez "
            "l’un ou l’autre.",
        )
        return seat

    def after(self) -> dict[str, Json]:
        own = {name: self._after(name) for name in ("seat", "address")}
        return {**own, **self._position()}

    def _position(self) -> dict[str, Json]:
        place = self.chosen
        if place is not None:
            said = (PositionOrigin.GEOCODED.value, place.score, place.label)
            return self._at(place.latitude, place.longitude, said)
        latitude, longitude = self.cleaned_data["position"]
        if latitude is None:
            return dict(_NOWHERE)
        moved = self._at(latitude, longitude, (PositionOrigin.HAND.value, None, ""))
        before = {name: self.values.get(name) for name in _POSITION}
        same = all(moved[name] == before[name] for name in ("latitude", "longitude"))
        return before if same else moved

    @staticmethod
    def _at(latitude: Decimal, longitude: Decimal, said: tuple[Json, ...]) -> dict[str, Json]:
        plain = (format(each.normalize(), "f") for each in (latitude, longitude))
        return dict(zip(_POSITION, (*plain, *said), strict=True))

    @property
    def candidates(self) -> list[Candidate]:
        places = self.answer.places if self.answer else ()
        return [Candidate(place, token_of(place)) for place in places]

    @property
    def asked_to_be_sure(self) -> bool:
        unsure = any(not each.place.sure for each in self.candidates)
        return unsure or bool(self["sur"].errors) or bool(self["sur"].value())

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        seat = self["seat"]
        return {
            "tiles_url": settings.TILES_URL,
            "tiles_attribution": settings.TILES_ATTRIBUTION,
            "near": _near(seat.value() if not isinstance(seat.value(), Picked) else None),
        }


def _near(seat: Any) -> Territory | None:
    return Territory.objects.filter(pk=seat).first() if isinstance(seat, int) else None
