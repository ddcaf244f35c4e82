"""Writes what poles refer to: themes, networks with their régions, calls with their strands."""

import re
from datetime import date
from typing import Any

from calls.models import Call, CallKind, CompositionRule, Strand
from calls.registry.mapping import Mapping
from calls.registry.matching import TerritoryMatcher
from calls.registry.plan import Plan, PlannedApplication
from calls.registry.reading import RowRefusedError, count, euros, split_addresses
from calls.registry.report import Refusal, RegistryReport
from calls.registry.rows import assign, check_columns, row_savepoint
from core.history import written_by_hand
from core.tables import Table, TableRow
from core.text import normalise, slug_of
from networks.models import Network, NetworkKind, NetworkRegion
from poles.models import Theme

# Before the law n° 2014-856, no rule on what a pole is made of.
_LAW = date(2014, 7, 31)


def write_themes(mapping: Mapping) -> dict[str, Theme]:
    known = {theme.slug: theme for theme in Theme.objects.all()}
    by_hand = written_by_hand(Theme)
    for entry in mapping.themes:
        theme = known.setdefault(entry.slug, Theme(slug=entry.slug))
        values = {"name": entry.name, "position": entry.position}
        if theme.pk not in by_hand and assign(theme, values):
            theme.save()
    return known


def write_networks(
    table: Table, mapping: Mapping, territories: TerritoryMatcher, report: RegistryReport
) -> None:
    known = {normalise(network.name): network for network in Network.objects.all()}
    by_hand = written_by_hand(Network) | written_by_hand(NetworkRegion, "network_id")
    seen: dict[str, int] = {}
    report.networks.read = len(table)
    for row in table:
        name = normalise(row["name"])
        try:
            if name in seen:
                raise RowRefusedError(f"même nom que la ligne {seen[name]}")
            network = known.get(name)
            if network is not None and network.pk in by_hand:
                outcome = "left"
            else:
                with row_savepoint():
                    outcome = _write_network(row, network, mapping, territories)
        except RowRefusedError as error:
            report.refused.append(Refusal(table.name, row.line, row["name"], str(error)))
            continue
        seen[name] = row.line
        report.networks.count(outcome, row["name"])


def _write_network(
    row: TableRow, network: Network | None, mapping: Mapping, territories: TerritoryMatcher
) -> str:
    kind = mapping.network_kinds.get(normalise(row["kind"]))
    region = territories.regions.get(normalise(row["region"])) if row["region"] else None
    if row.fault or not normalise(row["name"]):
        raise RowRefusedError(row.fault or "le réseau n’a pas de nom")
    if kind is None:
        raise RowRefusedError(f"nature de réseau inconnue : « {row['kind']} »")
    if row["region"] and region is None:
        raise RowRefusedError(f"région inconnue : « {row['region']} »")
    said = {
        "name": row["name"],
        "acronym": row["acronym"],
        "kind": NetworkKind(kind),
        "website": row["website"],
        "sources": "\n".join(split_addresses(row["source_url"])),
    }
    said = {name: value for name, value in said.items() if value}
    created = network is None
    if network is None:
        taken = set(Network.objects.values_list("slug", flat=True))
        base = f"cress {region.name}" if region and kind == NetworkKind.REGIONAL_CHAMBER else ""
        network = Network(slug=slug_of(base or row["acronym"] or row["name"], taken))
    moved = assign(network, said)
    check_columns(network, said)
    if created or moved:
        network.save()
    if region and set(network.regions.all()) != {region}:
        network.regions.set([region])
        moved = True
    return "created" if created else "changed" if moved else "unchanged"


def write_calls(table: Table, mapping: Mapping, report: RegistryReport) -> None:
    known = {call.code: call for call in Call.objects.all()}
    by_hand = calls_written_by_hand()
    seen: dict[str, int] = {}
    report.calls.read = len(table)
    for row in table:
        code = row["code"]
        try:
            if code in seen:
                raise RowRefusedError(f"même code que la ligne {seen[code]}")
            call = known.get(code)
            if call is not None and call.pk in by_hand:
                outcome = "left"
            else:
                with row_savepoint():
                    outcome = _write_call(row, call, mapping)
        except RowRefusedError as error:
            report.refused.append(Refusal(table.name, row.line, row["name"] or code, str(error)))
            continue
        seen[code] = row.line
        report.calls.count(outcome, row["name"])


def calls_written_by_hand() -> set[Any]:
    return written_by_hand(Call) | written_by_hand(Strand, "call_id")


def _write_call(row: TableRow, call: Call | None, mapping: Mapping) -> str:
    kind = mapping.call_kinds.get(normalise(row["kind"]))
    if row.fault or not row["name"]:
        raise RowRefusedError(row.fault or "l’appel n’a pas de nom")
    if kind is None:
        raise RowRefusedError(f"nature d’appel inconnue : « {row['kind']} »")
    said: dict[str, Any] = {
        "name": row["name"],
        "organiser": row["organiser"],
        "kind": CallKind(kind),
        "opens_on": _day(row["opens_on"]),
        "closes_on": _day(row["closes_on"]),
        "results_on": _day(row["results_on"]),
        "permanent": _yes(row["permanent"]),
        "envelope_eur": euros(row["envelope_eur"]),
        "award_min_eur": euros(row["award_min_eur"]),
        "award_max_eur": euros(row["award_max_eur"]),
        "award_years": count(row["award_years"]),
        "announced_candidates": count(row["candidates"]),
        "announced_laureates": count(row["laureates"]),
        "announced_supported": count(row["supported"]),
        "note": row["note"],
        "source_url": row["source_url"],
    }
    said = {name: value for name, value in said.items() if value not in ("", None)}
    days = [said[name] for name in ("opens_on", "closes_on", "results_on") if name in said]
    said["composition_rule"] = _rule(row["code"], min(days, default=None))
    said |= mapping.call_rules.get(row["code"], {})
    created = call is None
    if call is None:
        call = Call(code=row["code"])
    moved = assign(call, said)
    check_columns(call, {"code": row["code"], **said})
    if created or moved:
        call.save()
    return "created" if created else "changed" if moved else "unchanged"


def write_named_calls(plan: Plan, report: RegistryReport) -> None:
    """The calls that poles name and calls.csv does not, and the strands that they name."""
    known = {call.code: call for call in Call.objects.all()}
    by_name = {normalise(call.name): call for call in known.values()}
    strands = {(strand.call_id, strand.code) for strand in Strand.objects.all()}
    for pole in plan.poles:
        for application in pole.applications:
            call = known.get(application.call) or by_name.get(normalise(application.name))
            if call is None:
                call = _create_other_call(application, set(known))
                known[call.code] = by_name[normalise(application.name)] = call
            if call.kind == CallKind.OTHER and call.name not in report.other_calls:
                report.other_calls.append(call.name)
            if application.strand and (call.pk, application.strand[0]) not in strands:
                code, name = application.strand
                Strand.objects.create(call=call, code=code, name=name)
                strands.add((call.pk, code))


def _create_other_call(application: PlannedApplication, taken: set[str]) -> Call:
    code = application.call or slug_of(application.name, taken, limit=70)
    return Call.objects.create(
        code=code,
        name=application.name,
        kind=CallKind.OTHER,
        composition_rule=_rule(application.name, None),
    )


def _rule(code_or_name: str, first_day: date | None) -> CompositionRule:
    """None before the law; from then on nobody has established it, until an officer does."""
    years = [int(text) for text in re.findall(r"\b(?:19|20)\d{2}\b", code_or_name)]
    before = first_day < _LAW if first_day else max(years, default=_LAW.year) < _LAW.year
    return CompositionRule.NONE if before else CompositionRule.NOT_ESTABLISHED


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowRefusedError(f"date illisible : « {text} » (attendu : 2015-06-30)") from error


def _yes(text: str) -> bool | None:
    answers = {"oui": True, "non": False, "": None}
    if normalise(text) not in answers:
        raise RowRefusedError(f"« {text} » au lieu de oui ou non")
    return answers[normalise(text)]
