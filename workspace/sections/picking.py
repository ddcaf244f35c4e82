"""Choosing territories or organisations by what one types of them, with a script or without.

What is chosen is sent as boxes or buttons that are ticked, what is looked for as words. Without a
script the words mean the only one that they can mean, or come back with those to choose among.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from members import finding as organisations
from members.models import Organisation
from territories.finding import meant
from territories.models import Territory, TerritoryKind

WORDS = "-mots"
_MOST = 8

Named = tuple[int, str]


@dataclass(frozen=True)
class Found:
    """The only one that words can mean, or those to choose among."""

    one: Named | None = None
    among: Sequence[Named] = ()


class Source(Protocol):
    """What is chosen from; ``url_name``: the address that proposes while one types."""

    url_name: str
    search_label: str
    none: str
    several: str

    def named(self, pks: Iterable[int]) -> list[Named]: ...

    def look_for(self, words: str) -> Found: ...


class Territories:
    url_name = "workspace:pick-territories"
    search_label = "Chercher un territoire par son nom ou son code postal"
    none = "Aucun territoire ne porte ce nom\u00a0: vérifiez-le, ou essayez le code postal."
    several = "Plusieurs territoires répondent à ces mots\u00a0: choisissez ci-dessus."

    def named(self, pks: Iterable[int]) -> list[Named]:
        rows = Territory.objects.filter(pk__in=list(pks)).order_by("normalised_name", "pk")
        return [named(row) for row in rows]

    def look_for(self, words: str) -> Found:
        found = meant(words, list(TerritoryKind))
        one = named(found.territory) if found.territory else None
        return Found(one, [named(each) for each in found.among])


class Organisations:
    url_name = "workspace:pick-organisations"
    search_label = "Chercher une organisation par son nom, son sigle ou son SIREN"
    none = (
        "Aucune organisation du registre ne porte ce nom. Ajoutez-la d’abord dans les membres "
        "d’un pôle, ou demandez-le au ministère."
    )
    several = "Plusieurs organisations répondent à ces mots\u00a0: choisissez ci-dessus."

    def named(self, pks: Iterable[int]) -> list[Named]:
        rows = Organisation.objects.filter(pk__in=list(pks)).order_by("normalised_name", "pk")
        return [(row.pk, row.name) for row in rows]

    def look_for(self, words: str) -> Found:
        found = [(each.pk, each.name) for each in organisations.find(words, _MOST)]
        return Found(found[0]) if len(found) == 1 else Found(among=found)


def named(row: Territory) -> Named:
    """A territory as it is chosen: its key, and its name with its kind where that may mislead."""
    kind = row.get_kind_display()
    # « Hérault (34) » says what it is; « Bretagne » alone may be a région or a commune.
    label = row.label if row.kind == TerritoryKind.COMMUNE else f"{row.label} – {kind}"
    return row.pk, label


@dataclass(frozen=True)
class Picked:
    """As it was sent: what is ticked, and what is looked for."""

    ticked: list[str]
    words: str = ""


class PickWidget(forms.Widget):
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        return Picked([each for each in data.getlist(name) if each], data.get(name + WORDS, ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class Pick(forms.Field):
    """One or ``several`` of what ``source`` has; its value is a primary key, or a sorted list."""

    widget = PickWidget
    template = "workspace/form/_pick.html"

    def __init__(self, source: Source, *, several: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.source = source
        self.several = several
        self.among: Sequence[Named] = ()
        self._named: dict[frozenset[int], list[Named]] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "Pick":
        """Each form has its own field, which knows nothing of what another form looked for."""
        field: Pick = super().__deepcopy__(memo)
        field.among, field._named = (), {}
        return field

    def named(self, pks: set[int]) -> list[Named]:
        """What ``pks`` are called; read once."""
        wanted = frozenset(pks)
        if wanted and wanted not in self._named:
            self._named[wanted] = self.source.named(wanted)
        return self._named.get(wanted, [])

    def clean(self, value: Picked) -> Any:
        ticked = {int(each) for each in value.ticked if each.isdecimal() and len(each) < 18}
        words = value.words.strip()
        if words:
            ticked = self._looked_for(ticked, words)
        known = {pk for pk, _ in self.named(ticked)}
        if ticked - known:
            raise ValidationError("Ce choix n’existe plus\u00a0: choisissez-en un autre.")
        if self.required and not known:
            raise ValidationError(self.error_messages["required"], code="required")
        return sorted(known) if self.several else next(iter(sorted(known)), None)

    def _looked_for(self, ticked: set[int], words: str) -> set[int]:
        found = self.source.look_for(words)
        if found.one:
            return ticked | {found.one[0]} if self.several else {found.one[0]}
        self.among = found.among
        if not found.among:
            raise ValidationError(self.source.none)
        if not ticked & {pk for pk, _ in found.among}:
            raise ValidationError(self.source.several)
        return ticked

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {str(pk) for pk in _listed(initial)}
        return bool(data.words.strip()) or before != set(data.ticked)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "PickBound":
        return PickBound(form, self, field_name)


class PickBound(forms.BoundField):
    field: Pick

    def _picked(self) -> Picked:
        value = self.data if self.form.is_bound else self.initial
        return value if isinstance(value, Picked) else Picked([str(pk) for pk in _listed(value)])

    @property
    def words(self) -> str:
        return self._picked().words

    @property
    def words_name(self) -> str:
        return self.html_name + WORDS

    @property
    def options(self) -> list[dict[str, Any]]:
        """What is ticked, then what the words may mean; one statement."""
        ticked = {int(each) for each in self._picked().ticked if each.isdecimal()}
        named = self.field.named(ticked)
        more = [each for each in self.field.among if each[0] not in ticked]
        return [{"pk": pk, "label": label, "ticked": pk in ticked} for pk, label in [*named, *more]]

    @property
    def chosen(self) -> bool:
        return bool(self._picked().ticked)

    @property
    def url(self) -> str:
        return reverse(self.field.source.url_name)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set) else [value]
