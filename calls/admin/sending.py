"""The letters of a call: a kind is chosen, then whom it is for; all is seen before it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from calls.admin.conduct import call_or_404
from calls.admin.letter_templates import pdf_answer
from calls.following import late_news
from calls.letters.kinds import (
    is_of,
    known_reasons,
    letter_files,
    letters_of,
    told_already,
    too_early,
)
from calls.letters.sending import (
    Draft,
    LettersRefused,
    address_of,
    draft_pdf,
    drafts,
    send,
    templates_of,
)
from calls.models import Application, Call, Letter, LetterKind, LetterTemplate
from calls.permissions import can_run_calls
from core.admin import RegistryAdmin
from networks.models import User

_MOST_WORDS = 5000


@dataclass
class Row:
    """A file to which the letter may go; ``letters``: those of its kind already sent."""

    file: Application
    address: str
    letters: Sequence[Letter]
    told: bool
    ticked: bool
    reasons: str
    problem: str = ""


@dataclass
class Choice:
    """Whom a kind of letter is for; ``again``: one file, to which it was sent already."""

    kind: str
    template: LetterTemplate | None
    rows: list[Row] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    again: bool = False
    because: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def asks_reasons(self) -> bool:
        return self.template is not None and self.template.names("motifs")

    @property
    def mailed(self) -> list[Row]:
        return [row for row in self.rows if row.address]

    @property
    def printed(self) -> list[Row]:
        return [row for row in self.rows if not row.address]


def letters_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    call = call_or_404(object_id)
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    officer = cast(User, request.user)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Courriers\u00a0: {call.name}",
        "opts": admin.opts,
        "call": call,
        "refused": can_run_calls(officer).reason,
    }
    request.current_app = admin.admin_site.name
    files = list(letter_files(Application.objects.filter(call=call)))
    kind = request.GET.get("nature", "")
    if not kind:
        context["kinds"] = _counted(call, files)
        return TemplateResponse(request, "admin/calls/letters.html", context)
    if kind not in LetterKind.values:
        raise Http404
    choice = _chosen(call, kind, files, request)
    context |= {
        "choice": choice,
        "label": LetterKind(kind).label,
        "today": timezone.localdate(),
        "most": _MOST_WORDS,
    }
    if request.method != "POST" or context["refused"] or request.POST.get("action") == "revenir":
        return TemplateResponse(request, "admin/calls/letters_choose.html", context)
    ticked = [row for row in choice.rows if row.ticked]
    if request.POST.get("action") == "envoyer" and _sent(request, choice, ticked, officer):
        return HttpResponseRedirect(
            f"{reverse('admin:calls_call_letters', args=[call.pk])}?nature={kind}"
        )
    made = [] if choice.errors else _looked_at(choice, ticked, officer)
    wanted = [draft for draft in made if str(draft.file.pk) == request.POST.get("pdf")]
    if wanted:
        return pdf_answer(draft_pdf(wanted[0]), "apercu.pdf")
    if choice.errors:
        return TemplateResponse(request, "admin/calls/letters_choose.html", context)
    context |= {
        "drafts": made,
        "mailed": len([draft for draft in made if draft.address]),
        "printed": len([draft for draft in made if not draft.address]),
        "reasons": {row.file.pk: row.reasons for row in ticked},
    }
    return TemplateResponse(request, "admin/calls/letters_check.html", context)


def _counted(call: Call, files: list[Application]) -> list[dict[str, Any]]:
    """Each kind with how many wait for it, and how many were told."""
    counted, letters = [], letters_of(files)
    for kind, label in LetterKind.choices:
        concerned = [file for file in files if is_of(kind, file)]
        early = [reason for file in concerned if (reason := too_early(kind, file))]
        ready = [file for file in concerned if not too_early(kind, file)]
        told = told_already(kind, ready, letters)
        waiting = [file for file in ready if file.pk not in told]
        counted.append(
            {
                "kind": kind,
                "label": label,
                "waiting": len(waiting),
                "printed": len([file for file in waiting if not address_of(file)]),
                "sent": len([file for file in files if letters.get((kind, file.pk))]),
                "early": early[0] if early and not ready else "",
            }
        )
    return counted


def _chosen(call: Call, kind: str, files: Iterable[Application], request: HttpRequest) -> Choice:
    templates = templates_of(kind, [call.pk])
    choice = Choice(kind, templates.get(call.pk) or templates.get(None))
    concerned = [file for file in files if is_of(kind, file)]
    early = {file.pk: reason for file in concerned if (reason := too_early(kind, file))}
    choice.early = list(dict.fromkeys(early.values()))
    ready = [file for file in concerned if file.pk not in early]
    letters = letters_of(ready)
    told = told_already(kind, ready, letters)
    posted = request.POST if request.method == "POST" else None
    one = request.GET.get("dossier", "")
    reminds = kind == LetterKind.REMINDER
    late = late_news(timezone.localdate(), call.pk) if reminds and ready else {}
    for file in ready:
        row = Row(
            file=file,
            address=address_of(file),
            letters=letters[kind, file.pk],
            told=file.pk in told,
            ticked=not reminds or file.pk in late,
            reasons="\n".join(f"– {each}" for each in late.get(file.pk, []))
            or known_reasons(kind, file),
        )
        if posted is not None:
            row.ticked = str(file.pk) in posted.getlist("dossier")
            row.reasons = posted.get(f"motifs-{file.pk}", row.reasons)[:_MOST_WORDS]
        if one:
            if str(file.pk) == one:
                choice.rows.append(row)
        else:
            (choice.told if row.told else choice.rows).append(row)
    choice.again = bool(one) and any(row.told for row in choice.rows)
    if choice.again and posted is not None:
        choice.because = posted.get("because", "").strip()[:_MOST_WORDS]
    return choice


def _looked_at(choice: Choice, ticked: list[Row], officer: User) -> list[Draft]:
    """The letters as they would leave; what is wrong is said in ``choice``."""
    made = drafts(
        choice.kind,
        [row.file for row in ticked],
        officer,
        {row.file.pk: row.reasons for row in ticked},
    )
    problems = {draft.file.pk: draft.problem for draft in made}
    for row in ticked:
        row.problem = problems[row.file.pk]
    wrong = len([row for row in ticked if row.problem])
    if not ticked:
        choice.errors.append("Cochez au moins un dossier.")
    if wrong:
        choice.errors.append(
            f"Rien n’est envoyé\u00a0: {wrong} dossier{'s' if wrong > 1 else ''} à revoir."
        )
    if choice.again and not choice.because:
        choice.errors.append("Dites pourquoi ce courrier est envoyé de nouveau.")
    return made


def _sent(request: HttpRequest, choice: Choice, ticked: list[Row], officer: User) -> bool:
    if not ticked:
        return False
    try:
        letters = send(
            choice.kind,
            [row.file for row in ticked],
            officer,
            reasons={row.file.pk: row.reasons for row in ticked},
            because=choice.because,
            shown={row.file.pk: request.POST.get(f"vu-{row.file.pk}", "") for row in ticked},
        )
    except LettersRefused as error:
        choice.errors += error.general
        for row in ticked:
            row.problem = error.rows.get(row.file.pk, "")
        count = len(error.rows)
        if count:
            choice.errors.append(
                f"Rien n’est envoyé\u00a0: {count} dossier{'s' if count > 1 else ''} à revoir."
            )
        return False
    printed = len([letter for letter in letters if letter.printed])
    mailed = len(letters) - printed
    told = [f"{mailed} courrier{'s' if mailed > 1 else ''} par courriel"] if mailed else []
    told += [f"{printed} à imprimer"] if printed else []
    messages.success(request, f"Enregistré\u00a0: {', '.join(told) or 'rien'}.")
    return True
