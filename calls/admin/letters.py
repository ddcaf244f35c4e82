"""Letters as they were sent: found, read as a page or as a PDF, never changed."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from calls.admin.letter_templates import pdf_answer
from calls.letters.fields import paragraphs
from calls.letters.sending import letter_pdf
from calls.models import Letter
from core.admin import ReadOnlyAdmin, RegistryAdmin


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("subject", "kind", "pole", "call", "sent_at", "way", "read")
    list_filter = ("kind", "printed", "application__call")
    list_select_related = ("application__pole", "application__call")
    search_fields = ("subject", "address", "application__pole__normalised_name__contains")
    search_help_text = "Objet, adresse ou nom du pôle."
    date_hierarchy = "sent_at"
    loaded_fields = ("application", "officer")
    fields = (
        "read",
        "kind",
        "pole",
        "call",
        "sent_at",
        "officer",
        "way",
        "because",
    )

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("<str:object_id>/lire/", wrap(partial(read_view, self)), name="calls_letter_read"),
            path(
                "<str:object_id>/courrier.pdf",
                wrap(partial(pdf_view, self)),
                name="calls_letter_pdf",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="pôle", ordering="application__pole__normalised_name")
    def pole(self, obj: Letter) -> str:
        return obj.application.pole.name

    @admin.display(description="appel", ordering="application__call__name")
    def call(self, obj: Letter) -> str:
        return obj.application.call.name

    @admin.display(description="envoi")
    def way(self, obj: Letter) -> str:
        return way_of(obj)

    @admin.display(description="texte")
    def read(self, obj: Letter) -> str:
        return format_html(
            '<a href="{}">Lire<span class="visually-hidden"> «\u00a0{}\u00a0»</span></a>',
            reverse("admin:calls_letter_read", args=[obj.pk]),
            obj.subject,
        )


def way_of(letter: Letter) -> str:
    if letter.printed:
        return "sur papier"
    return letter.address or "par courriel, adresse effacée"


def read_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    letter = _letter_or_404(admin, request, object_id)
    file = letter.application
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Courrier\u00a0: {letter.subject}",
        "opts": admin.opts,
        "letter": letter,
        "way": way_of(letter),
        "paragraphs": paragraphs(letter.body),
        "recipient": letter.recipient.split("\n"),
        "day": timezone.localdate(letter.sent_at),
        "others": list(Letter.objects.filter(application=file).exclude(pk=letter.pk)),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/letter.html", context)


def pdf_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    letter = _letter_or_404(admin, request, object_id)
    return pdf_answer(letter_pdf(letter), f"courrier-{letter.pk}.pdf")


def _letter_or_404(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> Letter:
    found = Letter.objects.select_related(
        "application__pole", "application__call", "officer"
    ).filter(pk=object_id if object_id.isdecimal() and len(object_id) < 19 else 0)
    letter = found.first()
    if letter is None:
        raise Http404
    if not admin.has_view_permission(request, letter):
        raise PermissionDenied
    return letter
