"""The journal in the admin: who did what, in every table, searched and taken away."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from core import journal
from core.admin.history import NAMING, Entry, Line, Reader
from core.admin.widgets import option_label
from core.journal import tracked_models
from core.sheets import Column, OutTable, csv_lines, write_workbook
from core.text import normalise

ENTRIES_A_PAGE = 30
LINES_AN_ENTRY = 12
MOST_OF_A_MOMENT = 500
MOST_LINES = 20_000
_MOST_SHOWN = f"{MOST_LINES:,}".replace(",", "\u202f")
_MOST_FOUND = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class JournalForm(forms.Form):
    """What is looked for; all of it may be left out."""

    qui = forms.CharField(
        label="Personne", required=False, max_length=254, help_text="Nom, adresse ou n° du compte."
    )
    par = forms.ChoiceField(
        label="Fait par",
        required=False,
        choices=[
            ("", "Tous"),
            (journal.PERSON, "Une personne"),
            (journal.COMMAND, "Une commande"),
            (journal.SQL, "Hors du site, sans auteur"),
        ],
    )
    genre = forms.ChoiceField(label="Genre d’objet", required=False)
    objet = forms.CharField(
        label="Objet",
        required=False,
        max_length=200,
        help_text="Son nom ou son n°, une fois le genre choisi.",
    )
    du = forms.DateField(label="Du", required=False, widget=_Day)
    au = forms.DateField(label="Au", required=False, widget=_Day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted((kind_name(each), each._meta.label_lower) for each in tracked_models())
        self.fields["genre"].choices = [("", "Tous"), *((label, name) for name, label in kinds)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("objet") and not given.get("genre"):
            self.add_error("objet", "Choisissez d’abord le genre de l’objet.")
        if given.get("du") and given.get("au") and given["du"] > given["au"]:
            self.add_error("au", "Ce jour est avant le premier.")
        return given

    def asked(self) -> journal.Asked:
        given = self.cleaned_data
        model = apps.get_model(given["genre"]) if given["genre"] else None
        return journal.Asked(
            source=given["par"],
            people=_people(given["qui"]) if given["qui"] else None,
            model=model,
            objects=_objects(model, given["objet"]) if model and given["objet"] else None,
            since=_midnight(given["du"]),
            until=_midnight(given["au"], 1),
        )


def kind_name(model: type[models.Model]) -> str:
    """The name of a kind of object; of a table that Django made by itself, the two it joins."""
    name = str(model._meta.verbose_name)
    return capfirst(name)


def _midnight(day: Any, later: int = 0) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(later), time.min))


def _people(words: str) -> tuple[str, ...]:
    """The numbers of the accounts that are meant; one that was erased is known by its number."""
    if words.isdecimal():
        return (words,)
    found = get_user_model()._default_manager.filter(
        Q(email__icontains=words) | Q(full_name__icontains=words)
    )
    return tuple(str(pk) for pk in found.values_list("pk", flat=True)[:_MOST_FOUND])


def _objects(model: type[models.Model], words: str) -> tuple[Any, ...]:
    """Keys of the objects so named, erased ones included, and of the one of that number."""
    found: list[Any] = []
    with suppress(ValidationError):
        found.append(model._meta.pk.to_python(words))
    if model is get_user_model():
        return (*found, *(int(each) for each in _people(words)))
    columns = {column.name for column in model._meta.concrete_fields}
    named = next((name for name in NAMING if name in columns), None)
    if "normalised_name" in columns:
        live = Q(normalised_name__contains=normalise(words))
    elif named:
        live = Q(**{f"{named}__icontains": words})
    else:
        return tuple(found)
    found += model._default_manager.filter(live).values_list("pk", flat=True)[:_MOST_FOUND]
    if named:
        gone: Any = model.pgh_event_model._default_manager  # type: ignore[attr-defined]
        gone = gone.filter(pgh_label="delete", **{f"{named}__icontains": words})
        found += gone.values_list("pgh_obj_id", flat=True)[:_MOST_FOUND]
    return tuple(dict.fromkeys(found))


class JournalReader(Reader):
    """Names what the events refer to from the history itself: rows that are gone have names too."""

    def __init__(self, events: list[journal.Kept], admin_site: Any):
        super().__init__(events, admin_site, None)

    @cached_property
    def _named(self) -> dict[type[models.Model], dict[str, str]]:
        wanted = self._wanted()
        people = wanted.pop(get_user_model(), set())
        named: dict[type[models.Model], dict[str, str]] = defaultdict(dict)
        for label, key, values in journal.last_known(wanted):
            found = next((values[name] for name in NAMING if values.get(name)), None)
            if found is not None:
                named[apps.get_model(label)][key] = str(found)
        if people:
            accounts = get_user_model()._default_manager.filter(pk__in=people)
            named[get_user_model()] = {
                str(each.pk): option_label(self.admin_site, each) for each in accounts
            }
        return named

    def _text(self, column: Any, value: object) -> str:
        if column.is_relation and value is not None:
            return self._named[column.related_model].get(str(value), f"n° {value}")
        return super()._text(column, value)

    def address(self, line: Line) -> str:
        """The page of the history of what changed, or of what it belongs to; empty without one."""
        registry = self.admin_site._registry
        if line.model in registry:
            return _history(line.model, line.pk)
        for column in line.model._meta.concrete_fields:
            key = line.values.get(column.attname)
            if column.is_relation and column.related_model in registry and key is not None:
                return _history(cast(Any, column.related_model), key)
        return ""


def _history(model: type[models.Model], key: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
    return reverse(name, args=[quote(str(key))])


@dataclass
class Told:
    """An entry of the page; ``more``: where the rest of what it did is, if it did more."""

    entry: Entry
    lines: list[tuple[Line, str]]
    more: str


@require_safe
def journal_view(request: HttpRequest, admin_site: Any) -> HttpResponse:
    if not can_read(request):
        raise PermissionDenied
    form = JournalForm(request.GET)
    asked = form.asked() if form.is_valid() else journal.Asked(objects=())
    moment = parse_datetime(request.GET.get("moment", "")) if form.is_valid() else None
    if moment is not None:
        asked = journal.Asked(at=moment)
    wanted = request.GET.get("fichier", "")
    if form.is_valid() and wanted in {"csv", "xlsx"}:
        return _download(admin_site, asked, wanted)
    asked = replace(asked, before=parse_datetime(request.GET.get("avant", "")))
    most = LINES_AN_ENTRY if moment is None else MOST_OF_A_MOMENT
    read = journal.page(asked, moments=ENTRIES_A_PAGE, lines=most)
    context = {
        **admin_site.each_context(request),
        "title": "Journal",
        "form": form,
        "moment": moment,
        "entries": list(_told(admin_site, read, most)),
        "next": _address(request, avant=read.after.isoformat()) if read.after else "",
        "newest": _address(request, avant="") if request.GET.get("avant") else "",
        "files": {kind: _address(request, avant="", fichier=kind) for kind in ("csv", "xlsx")},
        "most_lines": _MOST_SHOWN,
    }
    request.current_app = admin_site.name
    return TemplateResponse(request, "admin/journal.html", context)


def can_read(request: HttpRequest) -> bool:
    return cast(Any, request.user).has_perm("core.view_journal")


def _address(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _told(admin_site: Any, read: journal.Page, most: int) -> Iterator[Told]:
    reader = JournalReader(read.events, admin_site)
    for entry in reader.entries():
        cut = len(entry.lines) > most or (entry.at, entry.context) in read.cut
        more = f"?{urlencode({'moment': entry.at.isoformat()})}" if cut else ""
        lines = [(line, reader.address(line)) for line in entry.lines[:most]]
        yield Told(entry, lines, more)


_COLUMNS = (
    *(Column("Jour", 12), Column("Heure", 10), Column("Qui", 30), Column("Motif", 30)),
    *(Column("Acte", 14), Column("Genre", 24), Column("N°", 10), Column("Objet", 40)),
    Column("Ce qui a changé", 80),
)


_STOPPED = f"Le fichier s’arrête à {_MOST_SHOWN} lignes\u00a0: demandez moins de jours."


def _download(admin_site: Any, asked: journal.Asked, kind: str) -> HttpResponse:
    name = f"journal-{timezone.localdate().isoformat()}.{kind}"
    table = OutTable("Journal", _COLUMNS, _rows(admin_site, asked))
    if kind == "csv":
        lines: Any = (line.encode() for line in csv_lines(table))
        response: Any = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    file: IO[bytes] = SpooledTemporaryFile(2 * 1024 * 1024)  # noqa: SIM115
    write_workbook([table], file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)  # type: ignore[return-value]


def _rows(admin_site: Any, asked: journal.Asked) -> Iterator[tuple]:
    written = 0
    for events in journal.whole(asked, most=MOST_LINES):
        for entry in JournalReader(events, admin_site).entries():
            at = timezone.localtime(entry.at)
            for line in entry.lines:
                if written == MOST_LINES:
                    yield (*(None,) * 8, _STOPPED)
                    return
                written += 1
                changed = (
                    f"{each.label}\u00a0: {each.before or '(vide)'} → {each.after or '(vide)'}"
                    for each in line.changes
                )
                yield (
                    *(at.date(), at.strftime("%H:%M:%S"), entry.who, entry.why),
                    *(line.verb, kind_name(line.model), line.pk, line.subject),
                    "\n".join(changed),
                )
