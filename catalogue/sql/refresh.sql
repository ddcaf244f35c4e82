-- The one place that says by what a pole is found; index.sql says when. The nightly command calls
-- it too, for the rows that the calendar alone has changed (true_until).

-- Who applies to a call that is run in the registry is told once it is decided, and only of those
-- whom it retained.
CREATE OR REPLACE FUNCTION catalogue_shows(application bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM calls_application a
        WHERE a.id = application AND a.decision IN ('laureat', 'accompagne')
            AND calls_step(a.call_id, a.wave_id) IN ('decide', 'clos'));
END
$$;

CREATE OR REPLACE FUNCTION catalogue_refresh(poles bigint[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
    refreshed integer;
BEGIN
    DELETE FROM catalogue_poleindex WHERE pole_id = ANY (poles) AND NOT EXISTS (
        SELECT FROM poles_pole p WHERE p.id = pole_id AND p.record_state = 'publie');
    DELETE FROM catalogue_poletext WHERE pole_id = ANY (poles) AND NOT EXISTS (
        SELECT FROM poles_pole p WHERE p.id = pole_id AND p.record_state = 'publie');

    INSERT INTO catalogue_poleindex AS i (
        pole_id, name, slug, maturity, recognition, founding_year, confirmed_on,
        region, departement, commune, epci, place, latitude, longitude, precision,
        covered, themes, members, calls, networks, verdict, true_until)
    SELECT
        p.id, p.normalised_name, p.slug, p.maturity, p.recognition, p.founding_year,
        p.confirmed_on,
        coalesce(CASE seat.kind WHEN 'region' THEN seat.code ELSE region.code END, ''),
        coalesce(CASE seat.kind WHEN 'departement' THEN seat.code ELSE departement.code END, ''),
        CASE seat.kind WHEN 'commune' THEN seat.code ELSE '' END,
        coalesce(CASE seat.kind WHEN 'epci' THEN seat.code ELSE epci.code END, ''),
        coalesce(CASE seat.kind
            WHEN 'commune' THEN seat.name || ' (' || departement.code || ')'
            WHEN 'departement' THEN seat.name || ' (' || seat.code || ')'
            ELSE seat.name END, ''),
        coalesce(p.latitude, seat.latitude), coalesce(p.longitude, seat.longitude),
        CASE WHEN p.latitude IS NOT NULL THEN 0
             WHEN seat.kind = 'commune' THEN 1
             WHEN seat.kind = 'epci' THEN 2
             WHEN seat.kind = 'departement' THEN 3
             WHEN seat.kind = 'region' THEN 4 END,
        coverage.codes, themes.slugs, active.kinds, calls.codes, networks.slugs,
        p.verdict, LEAST(active.next_change, p.verdict_until)
    FROM poles_pole p
    LEFT JOIN territories_territory seat ON seat.id = p.seat_id
    LEFT JOIN territories_territory region ON region.id = seat.region_id
    LEFT JOIN territories_territory departement ON departement.id = seat.departement_id
    LEFT JOIN territories_territory epci ON epci.id = seat.epci_id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(t.kind || '-' || t.code ORDER BY t.kind, t.code), '{}') AS codes
        FROM poles_polecoverage c JOIN territories_territory t ON t.id = c.territory_id
        WHERE c.pole_id = p.id) coverage
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(t.slug ORDER BY t.position, t.name), '{}') AS slugs
        FROM poles_poletheme pt JOIN poles_theme t ON t.id = pt.theme_id
        WHERE pt.pole_id = p.id) themes
    CROSS JOIN LATERAL (
        SELECT
            coalesce(array_agg(DISTINCT kind.value) FILTER (
                WHERE m.role <> 'partenaire' AND kind.value IS NOT NULL
                  AND (m.begins_on IS NULL OR m.begins_on <= today)
                  AND (m.ends_on IS NULL OR m.ends_on >= today)
                  AND (o.closed_on IS NULL OR o.closed_on > today)), '{}') AS kinds,
            min(change.day) FILTER (WHERE change.day > today) AS next_change
        FROM poles_membership m
        JOIN members_organisation o ON o.id = m.organisation_id
        CROSS JOIN LATERAL (VALUES
            (o.kind),
            (CASE WHEN o.is_ess THEN 'ess' END),
            (CASE WHEN o.is_training_body THEN 'formation' END)) AS kind (value)
        CROSS JOIN LATERAL (VALUES (m.begins_on), (m.ends_on + 1), (o.closed_on)) AS change (day)
        WHERE m.pole_id = p.id) active
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT c.code ORDER BY c.code), '{}') AS codes
        FROM calls_application a JOIN calls_call c ON c.id = a.call_id
        -- Of other calls, who applied was published before the registry.
        WHERE a.pole_id = p.id AND (
            NOT c.run_in_registry AND (a.imported OR a.decision IN ('laureat', 'accompagne'))
            OR catalogue_shows(a.id))) calls
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT n.slug ORDER BY n.slug), '{}') AS slugs
        FROM networks_network n
        WHERE n.id = p.reference_network_id
           OR n.id IN (SELECT pn.network_id FROM poles_polenetwork pn WHERE pn.pole_id = p.id)
        ) networks
    WHERE p.id = ANY (poles) AND p.record_state = 'publie'
    ON CONFLICT (pole_id) DO UPDATE SET
        name = EXCLUDED.name, slug = EXCLUDED.slug, maturity = EXCLUDED.maturity,
        recognition = EXCLUDED.recognition, founding_year = EXCLUDED.founding_year,
        confirmed_on = EXCLUDED.confirmed_on, region = EXCLUDED.region,
        departement = EXCLUDED.departement, commune = EXCLUDED.commune, epci = EXCLUDED.epci,
        place = EXCLUDED.place, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude,
        precision = EXCLUDED.precision, covered = EXCLUDED.covered, themes = EXCLUDED.themes,
        members = EXCLUDED.members, calls = EXCLUDED.calls, networks = EXCLUDED.networks,
        verdict = EXCLUDED.verdict, true_until = EXCLUDED.true_until;
    GET DIAGNOSTICS refreshed = ROW_COUNT;

    INSERT INTO catalogue_poletext (pole_id, document, words)
    SELECT
        p.id,
        -- Stems find other forms of a word; whole words let a prefix find what is being typed.
        setweight(to_tsvector('french_unaccent', name.words), 'A')
            || setweight(to_tsvector('french_unaccent', subject.words), 'B')
            || setweight(to_tsvector('french_unaccent', members.words), 'C')
            || setweight(to_tsvector('french_unaccent', prose.words), 'D')
            || setweight(to_tsvector('simple', name.words), 'A')
            || setweight(to_tsvector('simple', subject.words), 'B')
            || setweight(to_tsvector('simple', members.words), 'C'),
        concat_ws(' ', name.words, subject.words, members.words)
    FROM poles_pole p
    LEFT JOIN territories_territory seat ON seat.id = p.seat_id
    LEFT JOIN territories_territory region ON region.id = seat.region_id
    LEFT JOIN territories_territory departement ON departement.id = seat.departement_id
    CROSS JOIN LATERAL (SELECT core_normalise(concat_ws(' ', p.name, p.acronym)) AS words) name
    CROSS JOIN LATERAL (
        SELECT core_normalise(concat_ws(' ',
            seat.name, departement.name, region.name, p.coverage_words,
            array_to_string(p.theme_words, ' '),
            (SELECT string_agg(t.name, ' ' ORDER BY t.position, t.name)
             FROM poles_poletheme pt JOIN poles_theme t ON t.id = pt.theme_id
             WHERE pt.pole_id = p.id),
            (SELECT string_agg(t.name, ' ' ORDER BY t.kind, t.code)
             FROM poles_polecoverage c JOIN territories_territory t ON t.id = c.territory_id
             WHERE c.pole_id = p.id))) AS words) subject
    CROSS JOIN LATERAL (
        SELECT core_normalise(concat_ws(' ', own.name,
            (SELECT string_agg(concat_ws(' ', o.name, o.acronym), ' ' ORDER BY o.id)
             FROM poles_membership m JOIN members_organisation o ON o.id = m.organisation_id
             WHERE m.pole_id = p.id AND o.publication_status <> 'P'))) AS words
        FROM (SELECT) AS one_row
        LEFT JOIN members_organisation own
            ON own.id = p.legal_person_id AND own.publication_status <> 'P') members
    CROSS JOIN LATERAL (
        SELECT core_normalise(concat_ws(' ', p.summary, p.description, p.lead_words)) AS words
        ) prose
    WHERE p.id = ANY (poles) AND p.record_state = 'publie'
    ON CONFLICT (pole_id) DO UPDATE SET document = EXCLUDED.document, words = EXCLUDED.words
    WHERE (catalogue_poletext.document, catalogue_poletext.words)
        IS DISTINCT FROM (EXCLUDED.document, EXCLUDED.words);
    RETURN refreshed;
END
$$;
