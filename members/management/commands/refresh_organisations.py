import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from core.history import command_transaction
from members.models import Organisation, RegisterCheck
from members.register import Answer, look_up
from members.register_updates import Outcome, apply

_FRESH = timedelta(hours=24)
_MOST_FAILURES = 5
_LONGEST_WAIT = 120
_BAR = 30


class Pace:
    """No more than so many calls a second, however quick the answers are."""

    def __init__(
        self,
        a_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap, self._clock, self._sleep = 1 / a_second, clock, sleep
        self._next = clock()

    def wait(self, at_least: float = 0) -> None:
        self._next = max(self._next, self._clock() + at_least)
        if (early := self._next - self._clock()) > 0:
            self._sleep(early)
        self._next = max(self._next, self._clock()) + self._gap


class Command(BaseCommand):
    help = (
        "Compare les organisations avec l’annuaire des entreprises : remplit ce que personne ne "
        "sait, et dit le reste. Interrompue, elle reprend où elle s’était arrêtée."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restart", action="store_true", help="compare aussi celles qui viennent de l’être"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Organisation.objects.exclude(siren=None).order_by("pk")
        without = Organisation.objects.filter(siren=None).count()
        if not options["restart"]:
            fresh = timezone.now() - _FRESH
            waiting = waiting.exclude(register_check__checked_at__gte=fresh)
        numbers = list(waiting.values_list("pk", flat=True))
        self._pace = Pace(settings.REGISTER_REQUESTS_A_SECOND)
        self._told: dict[str, list[str]] = {
            name: [] for name in ("changed", "proposed", "disagree", "absent", "refused", "failed")
        }
        failures = 0
        for done, pk in enumerate(numbers):
            self._show(done, len(numbers))
            organisation = Organisation.objects.filter(pk=pk).first()
            if organisation is None or organisation.siren is None:
                continue
            answer = self._ask(organisation.siren)
            if answer.unavailable:
                failures += 1
                self._told["failed"].append(f"{organisation}\u00a0: {answer.unavailable}")
                if failures >= _MOST_FAILURES:
                    self._report(done, without)
                    raise CommandError(
                        f"{failures} échecs de suite : arrêt. Relancée, la commande reprend ici."
                    )
                continue
            failures = 0
            self._compare(organisation, answer)
        self._show(len(numbers), len(numbers))
        self._report(len(numbers), without)

    def _ask(self, siren: str) -> Answer:
        self._pace.wait()
        answer = look_up(siren)
        if answer.retry_after:
            self._pace.wait(min(answer.retry_after, _LONGEST_WAIT))
            answer = look_up(siren)
        return answer

    def _compare(self, organisation: Organisation, answer: Answer) -> None:
        try:
            # One transaction each: what is interrupted loses one organisation at most.
            with command_transaction("refresh_organisations"):
                if answer.units:
                    self._tell(organisation, apply(organisation, answer.units[0]))
                else:
                    self._told["absent"].append(f"{organisation} ({organisation.siren})")
                RegisterCheck.objects.update_or_create(
                    organisation=organisation, defaults={"checked_at": timezone.now()}
                )
        except IntegrityError as error:
            message = str(error).splitlines()[0]
            self._told["refused"].append(f"{organisation}\u00a0: {message}")

    def _tell(self, organisation: Organisation, outcome: Outcome) -> None:
        for column, (before, after) in outcome.changed.items():
            field: Any = Organisation._meta.get_field(column)
            name = field.verbose_name
            words = f"{organisation}\u00a0: {name}, {_shown(before)} → {_shown(after)}"
            self._told["changed"].append(words)
        for name, lines in (("proposed", outcome.proposed), ("disagree", outcome.disagreements)):
            self._told[name] += [f"{organisation}\u00a0: {line}" for line in lines]

    def _show(self, done: int, total: int) -> None:
        if not self.stdout.isatty() or not total:
            return
        filled = _BAR * done // total
        bar = "█" * filled + "·" * (_BAR - filled)
        self.stdout.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")
        self.stdout.flush()

    def _report(self, compared: int, without: int) -> None:
        self.stdout.write(f"{compared} organisation(s) comparée(s), {without} sans SIREN.")
        titles = {
            "changed": "Changé",
            "proposed": "Proposé, à décider par une personne",
            "disagree": "En désaccord avec ce qui est su, laissé tel quel",
            "absent": "Absente de l’annuaire",
            "refused": "Refusé par la base, laissé tel quel",
            "failed": "Sans réponse",
        }
        for name, title in titles.items():
            self.stdout.write(f"{title} : {len(self._told[name])}")
            for line in self._told[name]:
                self.stdout.write(f"  {line}")


def _shown(value: object) -> str:
    return {None: "inconnu", True: "oui", False: "non", "": "vide"}.get(value, str(value))  # type: ignore[call-overload]
