"""The rules of ``poles/article9.py`` as SQL: the same subset counts, taken by the database.

`CompositionRules` is a constraint of the pole, so that a change of a rule is seen by
``makemigrations``: the migration keeps the demands of its day, and makes the function anew.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import BaseConstraint

from poles.article9 import Rule, Verdict

# The days of the registry are those of Paris.
TODAY = "(now() AT TIME ZONE 'Europe/Paris')::date"


def demands(rules: Mapping[str, Rule]) -> dict[str, dict[str, Any]]:
    """What each rule that demands something demands, as plain values that a migration can keep."""
    return {
        code: {
            "number": rule.number,
            "counted_if": list(rule.counted_if),
            "roles": [list(role.any_of) for role in rule.roles],
        }
        for code, rule in sorted(rules.items())
        if rule.roles
    }


def verdicts_function(rules: dict[str, dict[str, Any]], facts: dict[str, str]) -> str:
    """CREATE FUNCTION poles_article9(rule, ids, confirmed, persons, day).

    The arrays give poles: their id, the day their list was confirmed complete, their own legal
    person. It returns each with its verdict, and the first later day on which the calendar alone
    may change it (NULL: none). A rule that demands nothing, or that does not exist, gives no row.
    ``facts``: of each fact, its expression over the organisation o (`members.kinds.facts_sql`).
    """
    cases = "\n".join(
        f"    IF rule = '{code}' THEN RETURN QUERY\n{_verdicts(rule, facts)};\n    END IF;"
        for code, rule in rules.items()
    )
    return f"""
CREATE OR REPLACE FUNCTION poles_article9(
    rule text, ids bigint[], confirmed date[], persons bigint[], day date)
RETURNS TABLE (pole_id bigint, verdict text, until date)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    today date := {TODAY};
BEGIN
{cases}
END
$$;
"""


def _verdicts(rule: dict[str, Any], facts: dict[str, str]) -> str:
    """SELECT (pole, verdict, until).

    NULL is SQL's own unknown: NOT, AND and OR mean over it what they mean over the facts.
    """
    counted = f"present.known AND ({_either(rule['counted_if'], facts)})"
    roles = [f"({_either(names, facts)})" if names else "true" for names in rule["roles"]]
    known = " + ".join(_bit(f"{role} IS TRUE", i) for i, role in enumerate(roles))
    possible = " + ".join(_bit(f"{role} IS NOT FALSE", i) for i, role in enumerate(roles))
    return f"""    SELECT c.id,
        CASE WHEN {_fulfilled(rule, "c.known")}
             THEN '{Verdict.SATISFIED}'
             WHEN c.members_confirmed_on <= day
                  AND NOT ({_fulfilled(rule, "c.possible")})
             THEN '{Verdict.NOT_SATISFIED}'
             ELSE '{Verdict.UNDETERMINED}' END,
        LEAST(min(c.next_change), CASE WHEN c.members_confirmed_on > day
                                       THEN c.members_confirmed_on END)
    FROM (
        SELECT p.id, p.members_confirmed_on,
            CASE WHEN ({counted}) IS TRUE THEN {known} END AS known,
            CASE WHEN ({counted}) IS NOT FALSE THEN {possible} END AS possible,
            LEAST(CASE WHEN m.begins_on > day THEN m.begins_on END,
                  CASE WHEN m.ends_on >= day THEN m.ends_on + 1 END,
                  CASE WHEN o.closed_on > day THEN o.closed_on END) AS next_change
        FROM unnest(ids, confirmed, persons) AS p (id, members_confirmed_on, legal_person_id)
        LEFT JOIN poles_membership m ON m.pole_id = p.id AND m.role <> 'partenaire'
            AND m.organisation_id IS DISTINCT FROM p.legal_person_id
        LEFT JOIN members_organisation o ON o.id = m.organisation_id
        CROSS JOIN LATERAL (SELECT
            m.id IS NOT NULL
            AND (m.ends_on IS NULL OR m.ends_on >= day)
            AND (o.closed_on IS NULL OR o.closed_on > day)
            AND CASE WHEN m.begins_on IS NOT NULL THEN m.begins_on <= day
                     WHEN day >= today THEN true END AS known) present
        -- Without it each of the counts above would work the masks out again.
        OFFSET 0
    ) c GROUP BY c.id, c.members_confirmed_on"""


def _either(names: list[str], facts: dict[str, str]) -> str:
    return " OR ".join(f"({facts[name]})" for name in names)


def _bit(condition: str, place: int) -> str:
    return f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END"


def _fulfilled(rule: dict[str, Any], masks: str) -> str:
    """The number and, for every subset of the roles, Hall's count; NULL masks do not count."""
    enough = [f"count({masks}) >= {rule['number']}"]
    for subset in range(1, 1 << len(rule["roles"])):
        counted = f"count(*) FILTER (WHERE {masks} & {subset} <> 0)"
        enough.append(f"{counted} >= {subset.bit_count()}")
    return "\n                  AND ".join(enough)


class CompositionRules(BaseConstraint):
    """The function of the rules; ``poles/sql/article9.sql`` calls it, and refuses at the commit."""

    def __init__(
        self, *, rules: dict[str, dict[str, Any]], facts: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rules, self.facts = rules, facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositionRules) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"rules": self.rules, "facts": self.facts}

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # Nothing in CREATE TABLE: the function comes after it.
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return verdicts_function(self.rules, self.facts)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        # A changed rule is removed and added again, while triggers call the function.
        return verdicts_function({}, {})

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing before the commit: the members may be on their way."""
