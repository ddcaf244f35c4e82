"""A table as a spreadsheet, and its rows written through the form of its admin.

The hooks are django-import-export's: `export`, then `import_data`, which runs all but those of
the writing twice, once to be undone.
"""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst
from import_export.fields import Field
from import_export.resources import ModelResource, modelresource_factory
from import_export.results import RowResult

from core.admin.consent import ConsentNeeded
from core.admin.exchange import keys
from core.admin.exchange.cells import KeyCell, cell_for, tidy
from core.admin.exchange.columns import CellField, is_personal, loaded, names_of, sees_persons
from core.admin.exchange.known import KnownRows
from core.admin.refusals import refusal
from core.admin.versions import FIELD
from core.sheets import Column
from core.sheets.limits import XLSX_CELL
from core.text import normalise

LINE = "\0ligne"
# A row that changes is written twice, with all that hangs on it: more is the work of a command.
MOST_WRITTEN = 500
# What says which row is meant, and as it was when.
_NAMING = {LINE, "id", "version"}
_CODE = re.compile(r"\[(\w+)\]\s*$")
_STALE = (
    "La fiche a changé depuis l’export (version {} dans le fichier, {} dans le registre)\u00a0: "
    "exportez-la de nouveau."
)
_NO_VERSION = (
    "Sans la version de la fiche, on ne sait pas si quelqu’un l’a changée depuis\u00a0: gardez la "
    "colonne «\u00a0version\u00a0» de l’export."
)


class TooManyRowsError(Exception):
    """More rows would be written than `MOST_WRITTEN`."""


class _RowForm:
    """A form of the admin whose constraints are left to the database, which says the same words."""

    def validate_constraints(self) -> None:
        pass


class RegistryResource(ModelResource):
    """Made for each admin by itself: see `resource_of`.

    The columns of the model and of its admin's parts that are only a tie to another table, but
    ``personal`` ones for those who may not change the rows that hold them.
    """

    class Meta:
        skip_diff = True
        use_transactions = True
        report_skipped = False
        clean_model_instances = False

    def __init__(self, admin: Any, request: HttpRequest) -> None:
        super().__init__()
        self.admin, self.request = admin, request
        self.locking = False
        self.seen: set[Any] = set()
        self.aside: set[str] = set()
        self.written = 0
        self.row: dict[str, Any] = {}
        self.changes: dict[str, tuple[Any, Any]] = {}
        self._forms: dict[tuple[str, ...] | None, Any] = {}
        if not sees_persons(admin, request):
            for name in [n for n in self.fields if is_personal(admin, n)]:
                del self.fields[name]

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        words = "n°" if django_field.primary_key else str(django_field.verbose_name)
        head = f"{capfirst(words)} [{field_name}]"
        return CellField(
            attribute=field_name,
            column_name=head,
            widget=cell_for(django_field),
            readonly=readonly,
        )

    def get_export_order(self) -> tuple[str, ...]:
        """What names a row comes first, then the version by which it is written back."""
        model = self._meta.model
        first = ["id", *(name for names in keys.alternatives(model) for name in names), "version"]
        return tuple(dict.fromkeys([*(n for n in first if n in self.fields), *self.fields]))

    def iter_queryset(self, queryset: Any) -> Iterator[models.Model]:
        """All at once: as many statements for ten rows as for ten thousand."""
        yield from loaded(queryset, self.fields)

    def export_resource(self, instance: models.Model, *args: Any, **kwargs: Any) -> list[Any]:
        return [self.fields[name].export(instance) for name in self._order]

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return self.get_export_order()

    def columns(self, *, imported: bool) -> list[Column]:
        """The heads of what is exported; in grey, what no import changes where there is one."""
        writable = self.writable() if imported else None
        return [
            Column(
                str(self.fields[name].column_name),
                width=40 if isinstance(self.fields[name].widget.column, models.TextField) else 20,
                choices=list(getattr(self.fields[name].widget, "labels", {}).values()),
                locked=writable is not None and name not in writable,
            )
            for name in self.get_export_order()
        ]

    def named(self, head: str) -> str | None:
        """The column that a head of a file means: by its code, or else by its words."""
        code = _CODE.search(head)
        if code and code[1] in self.fields:
            return code[1]
        words = {normalise(_CODE.sub("", str(f.column_name))): n for n, f in self.fields.items()}
        words |= {normalise(name): name for name in self.fields}
        return words.get(normalise(_CODE.sub("", head)))

    def writable(self) -> set[str]:
        """The columns that an import may change: those of the form, and ties kept as its parts."""
        return ({*self._form(None).base_fields} & {*self.fields}) | self._ties()

    def _ties(self) -> set[str]:
        parts = {inline.model for inline in self.admin.get_inline_instances(self.request)}
        return {
            f.name
            for f in self._meta.model._meta.many_to_many
            if f.name in self.fields and f.remote_field.through in parts
        }

    def _form(self, obj: Any) -> Any:
        """The form of the admin, a class for each set of what is read only in it."""
        readonly = tuple(self.admin.get_readonly_fields(self.request, obj)) if obj else None
        if readonly not in self._forms:
            asked = self.admin.get_form(self.request, obj, change=obj is not None)
            self._forms[readonly] = type("RowForm", (_RowForm, asked), {})
        return self._forms[readonly]

    # Reading

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Finds in a few statements all that the rows name."""
        self.writable_columns = self.writable()
        for name in set(dataset.headers) - {LINE}:
            cell = self.fields[name].widget
            if isinstance(cell, KeyCell):
                cell.learn({text for each in dataset[name] for text in cell.texts(tidy(each))})
        self.known = KnownRows(
            self.admin.get_queryset(self.request), self.fields, dataset, locking=self.locking
        )

    def get_or_init_instance(self, loader: Any, row: dict) -> tuple[Any, bool]:
        obj = self.known.of(row)
        self.subject = "" if obj is None else str(obj)
        if obj is None:
            if not self.admin.has_add_permission(self.request):
                raise ValidationError(
                    "Cette ligne n’est pas dans le registre\u00a0: rien ne s’y ajoute."
                )
            return self._meta.model(), True
        if obj.pk in self.seen:
            raise ValidationError("Une autre ligne du fichier porte sur le même enregistrement.")
        self.seen.add(obj.pk)
        if not self.admin.has_change_permission(self.request, obj):
            raise ValidationError("Cet enregistrement ne se change pas.")
        return obj, False

    def import_instance(self, instance: Any, row: dict, **kwargs: Any) -> None:
        errors, self.changes = {}, {}
        new = instance._state.adding
        for name in (each for each in row if each in self.writable_columns):
            cell = self.fields[name].widget
            before = None if new else cell.current(instance)
            try:
                after = cell.clean(row[name])
            except ValueError as error:
                errors[name] = [str(error)]
                continue
            unknown = cell.empty() if new else before
            if after != unknown and not _is_cut(after, unknown):
                self.changes[name] = (before, after)
        self._set_aside(instance, row, new)
        if errors:
            raise ValidationError(errors)

    def _set_aside(self, instance: Any, row: dict, new: bool) -> None:
        """Remembers the columns that no import changes, where the file says something else."""
        for name in set(row) - self.writable_columns - {*_NAMING, *self.aside}:
            cell = self.fields[name].widget
            known = cell.empty() if new else cell.current(instance)
            try:
                differs = cell.clean(row[name]) != known
            except ValueError:
                differs = True
            if differs:
                self.aside.add(name)

    def skip_row(self, instance: Any, original: Any, row: dict, errors: Any = None) -> bool:
        if errors:
            return False
        return not self.changes or (instance._state.adding and self._is_there_already(row))

    def _is_there_already(self, row: dict) -> bool:
        """Whether a row that nothing numbers nor names says what another says already."""
        if self.known.ways:
            return False
        columns = {name: self._meta.model._meta.get_field(name) for name in self.changes}
        same = {
            columns[name].attname: after
            for name, (_, after) in self.changes.items()
            if not columns[name].many_to_many
        }
        return bool(same) and self._meta.model._default_manager.filter(**same).exists()

    # Writing

    def validate_instance(self, instance: Any, errors: Any = None, unique: bool = True) -> None:
        if errors:
            raise ValidationError(errors)
        self._check_version(instance)
        self.written += 1
        if self.written > MOST_WRITTEN:
            raise TooManyRowsError
        form_class = self._form(None if instance._state.adding else instance)
        ties = self._ties()
        locked = [n for n in self.changes if n not in form_class.base_fields and n not in ties]
        if locked:
            shown = ", ".join(self.label(name) for name in locked)
            raise ValidationError(f"Ici, cela ne se change pas par un import\u00a0: {shown}.")
        self.form = form_class(self._data(instance, form_class), instance=instance)
        if not self.form.is_valid():
            raise ValidationError({n: list(e) for n, e in self.form.errors.items()})

    def _check_version(self, instance: Any) -> None:
        if (
            instance._state.adding
            or "version" not in self.fields
            or not hasattr(instance, "version")
        ):
            return
        told = tidy(self.row.get("version", ""))
        if not told:
            raise ValidationError(_NO_VERSION)
        if told != str(instance.version):
            raise ValidationError(_STALE.format(told, instance.version))

    def _data(self, instance: Any, form_class: Any) -> dict[str, Any]:
        """What a person would send who had typed the changes of the row in the form."""
        data: dict[str, Any] = {FIELD: str(getattr(instance, "version", ""))}
        for name, field in form_class.base_fields.items():
            if name in self.changes:
                value = self.changes[name][1]
            elif name in self.fields:
                value = self.fields[name].widget.current(instance)
            else:
                value = field.initial
            widget: Any = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, forms.MultiWidget):
                several: Any = widget
                names = (f"{name}{end}" for end in several.widgets_names)
                data |= dict(zip(names, several.decompress(value), strict=True))
            else:
                data[name] = "" if value is None else value
        return data

    def save_instance(self, instance: Any, is_create: bool, row: dict, **kwargs: Any) -> None:
        try:
            with transaction.atomic():
                obj = self.form.save(commit=False)
                self.admin.save_model(self.request, obj, self.form, change=not is_create)
                for name in self._ties() & {*self.changes}:
                    getattr(obj, name).set(self.changes[name][1])
                self.admin.save_related(self.request, self.form, [], change=not is_create)
        except ConsentNeeded as needed:
            raise ValidationError(list(needed.explain())) from needed
        except DatabaseError as error:
            message = refusal(error)
            if not message:
                raise
            raise ValidationError(message) from error

    def handle_import_error(
        self, result: Any, error: Exception, raise_errors: bool = False
    ) -> None:
        raise error

    def save_m2m(self, instance: Any, row: dict, **kwargs: Any) -> None:
        """The form did."""

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """No number comes from the file: the sequences are left alone."""

    def import_row(self, row: dict, loader: Any, **kwargs: Any) -> RowResult:
        self.row, self.changes, self.subject = row, {}, ""
        found = super().import_row(row, loader, **kwargs)
        for error in found.errors:
            raise error.error
        found.line = row[LINE]
        found.subject = self.subject
        found.changes = [
            (self.label(name), *(self.fields[name].widget.told(v) for v in pair))
            for name, pair in self.changes.items()
        ]
        return found

    def label(self, name: str) -> str:
        if name not in self.fields:
            return ""
        return str(self.fields[name].widget.column.verbose_name)


def _is_cut(after: Any, before: Any) -> bool:
    """Whether a text is the other as far as a cell of a workbook goes."""
    texts = isinstance(after, str) and isinstance(before, str)
    return texts and len(after) > XLSX_CELL - 3 and before.startswith(after)


def resource_of(admin: Any, request: HttpRequest) -> RegistryResource:
    made = modelresource_factory(
        admin.model,
        resource_class=RegistryResource,
        meta_options={"fields": names_of(admin.model)},
    )
    return made(admin, request)
