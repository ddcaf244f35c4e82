"""What an archived record answers at its old address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gone(request: HttpRequest, name: str, reason: str) -> HttpResponse:
    return render(request, "410.html", {"name": name, "reason": reason}, status=410)
