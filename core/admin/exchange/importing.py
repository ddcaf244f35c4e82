"""The page by which a file is previewed row by row, then imported: all of it, or nothing."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, cast

import pghistory
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.results import RowResult
from tablib import Dataset

from core.admin.exchange.formats import read
from core.admin.exchange.resource import (
    MOST_WRITTEN,
    RegistryResource,
    TooManyRowsError,
    resource_of,
)
from core.admin.exchange.waiting import WaitingStorage
from core.constraints import rehearsing
from core.sheets import FileRefusedError
from core.uploads import too_big

# A longer table is read in the spreadsheet that it comes from.
_SHOWN = 200
_LONGEST_REASON = 400
_KINDS = {
    RowResult.IMPORT_TYPE_INVALID: "refusée",
    RowResult.IMPORT_TYPE_NEW: "ajoutée",
    RowResult.IMPORT_TYPE_UPDATE: "modifiée",
}
_FORGOTTEN = "Le fichier n’est plus là\u00a0: il est gardé deux heures. Envoyez-le de nouveau."
_MOVED = (
    "Rien n’est importé\u00a0: le registre a changé depuis l’aperçu. Voici ce que le fichier y "
    "ferait maintenant."
)


class FileForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )


@dataclass
class Preview:
    """What a file would do. ``digest``: of all of it, to know it again."""

    file_name: str
    notes: list[str]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    hidden: int = 0
    digest: str = ""

    @property
    def writes(self) -> int:
        return self.new + self.changed


def import_view(admin: Any, request: HttpRequest) -> HttpResponse:
    if not admin.has_import_permission(request):
        raise PermissionDenied
    storage = WaitingStorage(whose=cast(Any, request.user).pk, name=request.POST.get("token"))
    if request.method != "POST":
        return _page(admin, request, FileForm())
    try:
        if "token" in request.POST:
            return _confirmed(admin, request, storage)
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid() or too_big(request):
            most = settings.UPLOAD_MAX_BYTES // 2**20
            refused = f"Le fichier dépasse {most}\u00a0Mo." if too_big(request) else ""
            return _page(admin, request, FileForm() if refused else form, refused=refused)
        sent = cast(UploadedFile, form.cleaned_data["file"])
        name, raw = sent.name or "fichier", sent.read()
        preview = rehearsed(admin, request, name, raw)
        storage.save(raw, name)
    except FileRefusedError as error:
        return _page(admin, request, FileForm(), refused=str(error))
    return _page(admin, request, FileForm(), preview, str(storage.name))


def rehearsed(admin: Any, request: HttpRequest, name: str, raw: bytes) -> Preview:
    """What the file would do, once it was done and undone."""
    resource = resource_of(admin, request)
    dataset, notes = read(raw, name, resource)
    with rehearsing():
        return _run(resource, dataset, Preview(name, notes), dry_run=True)


def _confirmed(admin: Any, request: HttpRequest, storage: WaitingStorage) -> HttpResponse:
    kept = storage.read()
    if kept is None:
        raise FileRefusedError(_FORGOTTEN)
    name, raw = kept
    reason = request.POST.get("_why", "").strip()[:_LONGEST_REASON]
    resource = resource_of(admin, request)
    resource.locking = True
    dataset, notes = read(raw, name, resource)
    why = f"{reason} (import de {name})" if reason else f"Import de {name}"
    with transaction.atomic(), pghistory.context(why=why):
        done = _run(resource, dataset, Preview(name, notes), dry_run=False)
        expected = done.digest == request.POST.get("digest") and not done.refused
        if not expected:
            transaction.set_rollback(True)
    if not expected:
        messages.error(request, _MOVED)
        return _page(admin, request, FileForm(), done, str(storage.name))
    storage.remove()
    said = (
        f"Fichier «\u00a0{name}\u00a0» importé. Lignes ajoutées\u00a0: {done.new}, "
        f"modifiées\u00a0: {done.changed}, inchangées\u00a0: {done.unchanged}."
    )
    messages.success(request, said)
    opts = admin.opts
    return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))


def _run(
    resource: RegistryResource, dataset: Dataset, preview: Preview, *, dry_run: bool
) -> Preview:
    try:
        result = resource.import_data(dataset, dry_run=dry_run, rollback_on_validation_errors=True)
    except TooManyRowsError as error:
        raise FileRefusedError(
            f"{preview.file_name}\u00a0: plus de {MOST_WRITTEN} lignes seraient écrites. "
            "Importez-les en plusieurs fichiers."
        ) from error
    if resource.aside:
        names = [
            f"«\u00a0{resource.label(n)}\u00a0»" for n in resource.fields if n in resource.aside
        ]
        preview.notes.append(
            f"Le fichier diffère du registre pour {', '.join(names)}, qu’un import ne change pas."
        )
    totals = result.totals
    preview.new = totals[RowResult.IMPORT_TYPE_NEW]
    preview.changed = totals[RowResult.IMPORT_TYPE_UPDATE]
    preview.unchanged = totals[RowResult.IMPORT_TYPE_SKIP]
    preview.refused = totals[RowResult.IMPORT_TYPE_INVALID]
    shown = [_shown(resource, row) for row in result.rows]
    preview.digest = hashlib.sha256(repr(shown).encode()).hexdigest()
    # What is refused comes first: nothing is imported until it is mended.
    shown.sort(key=lambda row: row["kind"] != _KINDS[RowResult.IMPORT_TYPE_INVALID])
    preview.rows, preview.hidden = shown[:_SHOWN], max(0, len(shown) - _SHOWN)
    return preview


def _shown(resource: RegistryResource, row: Any) -> dict[str, Any]:
    reasons = in_words(resource, row.validation_error) if row.validation_error else []
    return {
        "line": row.line,
        "kind": _KINDS[row.import_type],
        "subject": row.subject,
        "changes": row.changes,
        "reasons": reasons,
    }


def in_words(resource: RegistryResource, error: ValidationError) -> list[str]:
    """Why a row is refused, by what its columns are called."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        f"{resource.label(name)}\u00a0: {message}" if resource.label(name) else message
        for name, told in error.message_dict.items()
        for message in told
    ]


def _page(
    admin: Any,
    request: HttpRequest,
    form: FileForm,
    preview: Preview | None = None,
    token: str = "",
    *,
    refused: str = "",
) -> HttpResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Importer\u00a0: {admin.opts.verbose_name_plural}",
        "opts": admin.opts,
        "form": form,
        "preview": preview,
        "token": token,
        "refused": refused,
        "most": settings.UPLOAD_MAX_BYTES // 2**20,
        "most_written": MOST_WRITTEN,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/import_export/import.html", context)
