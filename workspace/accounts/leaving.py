"""One's own data: taken away in a file, and the account erased by oneself."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.personal.account import tables_of
from catalogue.personal.file import workbook
from networks.leaving import erase, former_of
from networks.models import User


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    # Another instance: who was refused still shows in the bar.
    person = User.objects.get(pk=user.pk)
    errors: list[str] = []
    if request.method == "POST":
        try:
            erase(person, by=user)
        except ValidationError as error:
            errors = error.messages
        else:
            logout(request)
            return redirect("account_erased")
    context = {"errors": errors, "former": former_of(person), "number": person.pk}
    return render(request, "account/erase.html", context)


@never_cache
@login_required
@require_safe
@reauthentication_required
def my_data(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    return workbook(tables_of(User.objects.get(pk=user.pk)), "mes-donnees-ptce")


@never_cache
@require_safe
def account_erased(request: HttpRequest) -> HttpResponse:
    return render(request, "account/erased.html")
