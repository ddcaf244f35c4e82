"""The page from which a table, or what its list shows of it, is taken away as a file."""

from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from core.admin.exchange.columns import is_personal, sees_persons
from core.admin.exchange.formats import FORMATS
from core.admin.exchange.resource import resource_of
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
        shown = admin.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(request.path)
    return export_page(admin, request, shown, filtered=bool(request.GET))


def export_page(
    admin: Any,
    request: HttpRequest,
    queryset: Any,
    *,
    filtered: bool = False,
    hidden: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """The file once its format is asked for, or the page that asks.

    ``hidden``: the fields by which the page is asked for again.
    """
    total = queryset.count()
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
        "heads": [column.label for column in resource.columns()],
        "left_out": left_out,
        "importable": admin.has_import_permission(request),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/import_export/export.html", context)


def download(admin: Any, request: HttpRequest, queryset: Any, name: str) -> HttpResponse:
    resource = resource_of(admin, request)
    title = capfirst(str(admin.opts.verbose_name_plural))
    form = FORMATS[name](title[:_SHEET_NAME], resource.columns())
    response = HttpResponse(
        form.export_data(resource.export(queryset)), content_type=form.content_type
    )
    stem = normalise(title).replace(" ", "-")
    file_name = f"{stem}-{timezone.localdate().isoformat()}.{form.extension}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _personal(admin: Any) -> list[str]:
    columns = [*admin.model._meta.concrete_fields, *admin.model._meta.many_to_many]
    return [str(column.verbose_name) for column in columns if is_personal(admin, column.name)]
