import math
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from core.admin.refusals import refusal
from core.history import command_transaction
from members.models import Organisation, RegisterCheck
from members.register import Answer, Unit, look_up, search
from members.register_updates import Outcome, apply

# Under a day, so that a run at the same hour each night finds all of them due.
_FRESH = timedelta(hours=20)
_MOST_FAILURES = 5
_LONGEST_WAIT = 120
_TRIES = 3
_CANDIDATES = 3
_BAR = 30
_LINE_EVERY = 100
_TITLES = {
    "changed": "Changé",
    "proposed": "Proposé, à décider par une personne",
    "disagree": "En désaccord avec ce qui est su, laissé tel quel",
    "ceased": "Fermée d’après l’annuaire",
    "absent": "Absente de l’annuaire",
    "refused": "Refusé par la base, laissé tel quel",
    "failed": "Sans réponse",
}


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
        parser.add_argument(
            "--search",
            action="store_true",
            help="montre, sans rien écrire, les unités qui ont le nom de celles sans SIREN",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._pace = Pace(settings.REGISTER_REQUESTS_A_SECOND)
        self._told: dict[str, list[str]] = {name: [] for name in _TITLES}
        self._compared = 0
        unnumbered = Organisation.objects.filter(siren=None).order_by("pk")
        if options["search"]:
            self._through(unnumbered, self._candidates, bar=False)
            return
        without = unnumbered.count()
        # The one compared the longest ago comes first: whatever stops a run, the next goes on.
        waiting = Organisation.objects.exclude(siren=None).order_by(
            F("register_check__checked_at").asc(nulls_first=True), "pk"
        )
        if not options["restart"]:
            fresh = timezone.now() - _FRESH
            waiting = waiting.exclude(register_check__checked_at__gte=fresh)
        try:
            self._through(waiting, self._refresh, bar=True)
        except CommandError as stopped:
            again = "Relancée, la commande reprend ici."
            raise CommandError(f"{stopped} {again}", returncode=stopped.returncode) from None
        finally:
            self._report(without)

    def _through(
        self,
        organisations: QuerySet[Organisation],
        each: Callable[[Organisation], Answer],
        *,
        bar: bool,
    ) -> None:
        """Stops with a sentence when the service is down, or asks for more time than can wait."""
        numbers = list(organisations.values_list("pk", flat=True))
        failures = 0
        try:
            for done, pk in enumerate(numbers):
                if bar:
                    self._show(done, len(numbers))
                organisation = Organisation.objects.filter(pk=pk).first()
                if organisation is None:
                    continue
                answer = each(organisation)
                if answer.unavailable:
                    self._told["failed"].append(f"{organisation}\u00a0: {answer.unavailable}")
                failures = failures + 1 if answer.unavailable and not answer.misasked else 0
                if answer.retry_after > _LONGEST_WAIT:
                    minutes = math.ceil(answer.retry_after / 60)
                    why = f"L’annuaire demande d’attendre {minutes} minutes\u00a0: arrêt."
                    raise CommandError(why)
                if failures >= _MOST_FAILURES:
                    raise CommandError(f"{failures} échecs de suite\u00a0: arrêt.")
        except KeyboardInterrupt:
            raise CommandError("Interrompue.", returncode=130) from None
        if bar:
            self._show(len(numbers), len(numbers))

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """At the published pace; again after the time that the service asks for, if it is short."""
        wait = 0.0
        for _ in range(_TRIES):
            self._pace.wait(wait)
            answer = question()
            wait = answer.retry_after
            if not 0 < wait <= _LONGEST_WAIT:
                break
        return answer

    def _refresh(self, organisation: Organisation) -> Answer:
        answer = self._ask(lambda: look_up(organisation.siren or ""))
        if answer.unavailable:
            return answer
        unit = answer.units[0] if answer.units else None
        try:
            # One transaction each: what is interrupted loses one organisation at most.
            with command_transaction("refresh_organisations"):
                outcome = apply(organisation, unit) if unit else Outcome()
                RegisterCheck.objects.update_or_create(
                    organisation=organisation, defaults={"checked_at": timezone.now()}
                )
        except DatabaseError as error:
            message = refusal(error)
            if not message:
                raise
            self._told["refused"].append(f"{organisation}\u00a0: {message}")
        else:
            self._tell(organisation, unit, outcome)
        self._compared += 1
        return answer

    def _candidates(self, organisation: Organisation) -> Answer:
        answer = self._ask(lambda: search(organisation.name, _CANDIDATES))
        if answer.unavailable:
            self.stdout.write(f"{organisation}\u00a0: {answer.unavailable}")
            return answer
        self.stdout.write(f"{organisation}\u00a0: {len(answer.units)} candidate(s)")
        for unit in answer.units:
            ceased = ", fermée" if unit.ceased else ""
            self.stdout.write(f"  {unit.siren} {unit.name or 'nom non diffusible'}{ceased}")
        return answer

    def _tell(self, organisation: Organisation, unit: Unit | None, outcome: Outcome) -> None:
        if unit is None:
            self._told["absent"].append(f"{organisation} ({organisation.siren})")
        elif unit.ceased:
            on = f"le {date_format(unit.ceased_on)}" if unit.ceased_on else "à une date inconnue"
            self._told["ceased"].append(f"{organisation}, {on}")
        for column, (before, after) in outcome.changed.items():
            field: Any = Organisation._meta.get_field(column)
            words = f"{field.verbose_name}, {_shown(before)} → {_shown(after)}"
            self._told["changed"].append(f"{organisation}\u00a0: {words}")
        for name, lines in (("proposed", outcome.proposed), ("disagree", outcome.disagreements)):
            self._told[name] += [f"{organisation}\u00a0: {line}" for line in lines]

    def _show(self, done: int, total: int) -> None:
        if not total:
            return
        if not self.stdout.isatty():
            if done and (done % _LINE_EVERY == 0 or done == total):
                self.stdout.write(f"{done}/{total}")
            return
        filled = _BAR * done // total
        bar = "█" * filled + "·" * (_BAR - filled)
        self.stdout.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")
        self.stdout.flush()

    def _report(self, without: int) -> None:
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(f"{self._compared} organisation(s) comparée(s), {without} sans SIREN.")
        for name, title in _TITLES.items():
            self.stdout.write(f"{title} : {len(self._told[name])}")
            for line in self._told[name]:
                self.stdout.write(f"  {line}")


def _shown(value: object) -> str:
    return {None: "inconnu", True: "oui", False: "non", "": "vide"}.get(value, str(value))  # type: ignore[call-overload]
