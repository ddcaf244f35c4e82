"""The texts of letters: an officer changes them, and sees what they give before saving."""

from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from calls.letters.fields import TYPICAL, written
from calls.letters.kinds import days_of, known_reasons, letter_files
from calls.letters.sending import Draft, draft_of, draft_pdf, mail_text, sender_of
from calls.models import (
    LETTER_FIELDS,
    Application,
    Call,
    LetterKind,
    LetterTemplate,
)
from core.admin import RegistryAdmin
from networks.models import User


@admin.register(LetterTemplate)
class LetterTemplateAdmin(RegistryAdmin):
    change_form_template = "admin/calls/letter_template.html"
    list_display = ("kind", "used_by", "subject")
    list_display_links = ("kind",)
    list_filter = ("kind",)
    list_select_related = ("call",)
    search_fields = ("subject", "body", "call__name")
    autocomplete_fields = ("call",)
    readonly_fields = ("named",)
    fields = ("kind", "call", "subject", "body", "named")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A text keeps its kind and its call: the letters of a kind would be left without one."""
        kept = ("kind", "call") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *kept)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The text of a call begins with the one that the call has had until then."""
        initial = super().get_changeform_initial_data(request)
        general = LetterTemplate.objects.filter(call=None, kind=initial.get("kind", "")).first()
        if general is not None:
            initial = {"subject": general.subject, "body": general.body, **initial}
        return initial

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The general ones stay: the calls without their own have no other."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.call_id is not None)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(partial(preview_view, self))
        return [
            path("apercu/", view, name="calls_lettertemplate_preview"),
            *super().get_urls(),
        ]

    @admin.display(description="appel", ordering="call__name")
    def used_by(self, obj: LetterTemplate) -> str:
        return str(obj.call or "tous ceux qui n’ont pas le leur")

    @admin.display(description="champs")
    def named(self, obj: LetterTemplate) -> str:
        rows = format_html_join(
            "", "<li><code>{{{}}}</code> – {}</li>", tuple(LETTER_FIELDS.items())
        )
        told = "Ce qui sera écrit à leur place, dans l’objet comme dans le texte\u00a0:"
        return format_html('{}<ul class="letter-fields">{}</ul>', told, rows)


def preview_view(admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    """What a text gives, saved or not, on a file of a call or on a made-up one; changes nothing."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    template = _template(asked)
    calls = list(Call.objects.order_by("-code"))
    chosen = template.call_id or _number(asked.get("appel"))
    call = next((each for each in calls if each.pk == chosen), None)
    files = list(letter_files(Application.objects.filter(call=call))) if call else []
    file = next((each for each in files if each.pk == _number(asked.get("dossier"))), None)
    wrong: dict[str, list[str]] = {}
    try:
        template.clean_fields(exclude=["call"])
        template.clean()
    except ValidationError as error:
        wrong = error.message_dict
    draft = None if wrong else _drafted(template, file, call, cast(User, request.user))
    if draft is not None and asked.get("forme") == "pdf":
        return pdf_answer(draft_pdf(draft), "apercu.pdf")
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Aperçu\u00a0: {template.get_kind_display()}",
        "opts": admin.opts,
        "template": template,
        "wrong": [each for messages in wrong.values() for each in messages],
        "calls": [] if template.call_id else calls,
        "call": call,
        "files": files,
        "file": file,
        "draft": draft,
        "mail": mail_text(draft.body) if draft else "",
        "today": timezone.localdate(),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/letter_preview.html", context)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _number(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 10 else 0


def _template(asked: Any) -> LetterTemplate:
    """The one that is saved, with what is being typed in it."""
    saved = LetterTemplate.objects.select_related("call").filter(pk=_number(asked.get("modele")))
    template = saved.first()
    if template is None:
        kind = asked.get("kind", "")
        template = LetterTemplate(
            kind=kind if kind in LetterKind.values else LetterKind.RECEIVED,
            call=Call.objects.filter(pk=_number(asked.get("call"))).first(),
        )
    template.subject = asked.get("subject", template.subject)
    template.body = asked.get("body", template.body)
    return template


def _drafted(
    template: LetterTemplate, file: Application | None, call: Call | None, officer: User
) -> Draft:
    today = timezone.localdate()
    kind = template.kind
    if file is not None:
        reason = known_reasons(kind, file) or TYPICAL["motifs"]
        about_on = days_of(kind, [file])[file.pk]
        return draft_of(kind, file, template, officer, reason, about_on, today)
    known = {**TYPICAL, "appel": call.name if call else TYPICAL["appel"], "agent": str(officer)}
    return Draft(
        file=Application(),
        kind=kind,
        about_on=None,
        sender=sender_of(call or Call()),
        recipient=f"{known['beneficiaire']}\n{known['pole']}\n1 rue de l’Exemple\n56000 Vannes",
        address="dossier@exemple.fr",
        subject=written(template.subject, known).text,
        body=written(template.body, known).text,
        problem="",
    )
