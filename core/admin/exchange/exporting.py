"""The page from which a table, or what its list shows of it, is taken away as a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from core.admin.exchange.columns import is_personal, sees_persons
from core.admin.exchange.formats import FORMATS, Xlsx
from core.admin.exchange.resource import resource_of
from core.sheets import OutTable
from core.sheets.limits import ROWS
from core.text import normalise

_SHEET_NAME = 31


class FormatForm(forms.Form):
    """The formats in which so many rows are written within the time of a page."""

    format = forms.ChoiceField(label="Format", widget=forms.RadioSelect)

    def __init__(self, rows: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in FORMATS if name == "csv" or rows <= ROWS]
        offered: Any = self.fields["format"]
        offered.choices = [(name, FORMATS[name].label) for name in names]
        offered.initial = names[0]
        if rows > ROWS:
            offered.help_text = f"Au-delà de {ROWS} lignes, en CSV seulement."


def export_view(admin: Any, request: HttpRequest) -> HttpResponse:
    """All that the list shows under the filters of the address."""
    if not admin.has_export_permission(request):
        raise PermissionDenied
    try:
        shown = admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(request.path)
    rows = shown.get_queryset(request)
    return export_page(admin, request, rows, shown.result_count, filtered=bool(request.GET))


def export_page(
    admin: Any,
    request: HttpRequest,
    queryset: Any,
    total: int,
    *,
    filtered: bool = False,
    hidden: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """The file once its format is asked for, or the page that asks.

    ``hidden``: the fields by which the page is asked for again.
    """
    form = FormatForm(total, request.POST if "format" in request.POST else None)
    if form.is_valid():
        return download(admin, request, queryset, form.cleaned_data["format"])
    resource = resource_of(admin, request)
    left_out = [] if sees_persons(admin, request) else _personal(admin)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Exporter\u00a0: {admin.opts.verbose_name_plural}",
        "opts": admin.opts,
        "form": form,
        "total": total,
        "filtered": filtered,
        "hidden": hidden or [],
        "heads": [column.label for column in resource.columns(imported=False)],
        "parts": [sheet_name(inline.model) for inline in parts_of(admin, request)],
        "left_out": left_out,
        "importable": admin.has_import_permission(request),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/import_export/export.html", context)


def download(admin: Any, request: HttpRequest, queryset: Any, name: str) -> HttpResponse:
    resource = resource_of(admin, request)
    title = sheet_name(admin.model)
    form = FORMATS[name](title, resource.columns(imported=admin.has_import_permission(request)))
    if isinstance(form, Xlsx):
        form.more = list(_part_tables(admin, request, queryset))
    response = HttpResponse(
        form.export_data(resource.export(queryset)), content_type=form.content_type
    )
    stem = normalise(title).replace(" ", "-")
    file_name = f"{stem}-{timezone.localdate().isoformat()}.{form.extension}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def parts_of(admin: Any, request: HttpRequest) -> list[Any]:
    """The inlines whose rows are in no list of their own, nor in a column of this one."""
    ties = {f.remote_field.through for f in admin.model._meta.many_to_many}
    return [
        inline
        for inline in admin.get_inline_instances(request)
        if inline.model not in admin.admin_site._registry and inline.model not in ties
    ]


def _part_tables(admin: Any, request: HttpRequest, queryset: Any) -> Iterator[OutTable]:
    owners = queryset.order_by().values("pk")
    for inline in parts_of(admin, request):
        owner = _get_foreign_key(admin.model, inline.model, inline.fk_name)
        rows = inline.model._default_manager.filter(**{f"{owner.name}__in": owners})
        part = resource_of(inline, request)
        columns = part.columns(imported=False)
        yield OutTable(sheet_name(inline.model), columns, part.export(rows.order_by("pk")))


def sheet_name(model: Any) -> str:
    """What a workbook lets a sheet be called."""
    title = capfirst(str(model._meta.verbose_name_plural))
    return title.translate(str.maketrans("[]:*?/\\", "       "))[:_SHEET_NAME]


def _personal(admin: Any) -> list[str]:
    columns = [*admin.model._meta.concrete_fields, *admin.model._meta.many_to_many]
    return [str(column.verbose_name) for column in columns if is_personal(admin, column.name)]
