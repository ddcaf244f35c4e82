from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from poles.article9 import RULES, Assessment, Verdict
from poles.composition import assess_pole, settling
from poles.models import CompositionVerdict, Pole
from poles.sentences import sentences


class Command(BaseCommand):
    help = "Combien de pôles publiés satisfont une règle de composition, combien non, et pourquoi."

    def add_arguments(self, parser: CommandParser) -> None:
        rules = [code for code, rule in RULES.items() if rule.roles]
        parser.add_argument("--rule", choices=rules, default="minimum", help="la règle")
        parser.add_argument("--pole", help="les phrases d’un pôle, par son adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        rule = RULES[options["rule"]]
        poles = Pole.objects.published().prefetch_related("memberships__organisation")
        if options["pole"]:
            for pole in poles.filter(slug=options["pole"]):
                assessment = assess_pole(pole, rule, memberships=pole.memberships.all())
                self.stdout.write("\n".join(sentences(assessment, settling(assessment))))
            return
        verdicts: Counter[str] = Counter()
        reasons: Counter[tuple[str, str]] = Counter()
        for pole in poles.order_by("pk"):
            assessment = assess_pole(pole, rule, memberships=pole.memberships.all())
            verdict = CompositionVerdict(str(assessment.verdict)).label
            verdicts[verdict] += 1
            reasons[verdict, _reason(assessment)] += 1
        self.stdout.write(f"{verdicts.total()} pôles publiés, sous la règle : {rule.name}")
        for verdict in CompositionVerdict.labels:
            self.stdout.write(f"\n{verdict} : {verdicts[verdict]}")
            for (of, reason), n in reasons.most_common():
                if of == verdict:
                    self.stdout.write(f"  {n:>4}  {reason}")


def _reason(assessment: Assessment) -> str:
    if assessment.verdict is Verdict.SATISFIED:
        return "chaque rôle est tenu"
    if not assessment.perhaps_counted:
        return "aucun membre actif n’est connu"
    missing = " + ".join(role.name for role in assessment.missing) or "le nombre"
    found = settling(assessment)
    if not found:
        return f"manque : {missing} ; aucun membre connu ne peut le tenir"
    answers = "un oui y suffirait" if len(found[0]) == 1 else f"{len(found[0])} oui y suffiraient"
    return f"manque : {missing} ; {answers}"
