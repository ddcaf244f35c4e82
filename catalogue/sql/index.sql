-- Both tables follow at the end of each statement that touches what they are made of.
-- catalogue_refresh(), in refresh.sql, says what goes into them.

-- Each trigger names, as its argument, the query that finds the poles to refresh among
-- changed_rows. Members, themes and territories of action move their pole's version, so that
-- following the pole is following them.
CREATE FUNCTION catalogue_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    EXECUTE CASE TG_OP
            WHEN 'UPDATE' THEN 'WITH changed_rows AS (TABLE old_rows UNION ALL TABLE new_rows) '
            ELSE '' END
        || 'SELECT array_agg(DISTINCT pole_id) FROM (' || TG_ARGV[0] || ') AS touched (pole_id)'
        INTO touched;
    IF touched IS NOT NULL THEN
        PERFORM catalogue_refresh(touched);
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    followed record;
    event text;
BEGIN
    FOR followed IN
        SELECT * FROM (VALUES
            ('poles_pole', 'SELECT id FROM changed_rows'),
            ('poles_polenetwork', 'SELECT pole_id FROM changed_rows'),
            ('calls_application', 'SELECT pole_id FROM changed_rows'),
            ('calls_call', 'SELECT pole_id FROM calls_application WHERE call_id IN (SELECT id FROM changed_rows)'),
            ('poles_theme', 'SELECT pole_id FROM poles_poletheme WHERE theme_id IN (SELECT id FROM changed_rows)'),
            ('networks_network', 'SELECT id FROM poles_pole WHERE reference_network_id IN (SELECT id FROM changed_rows) UNION SELECT pole_id FROM poles_polenetwork WHERE network_id IN (SELECT id FROM changed_rows)'),
            ('members_organisation', 'SELECT pole_id FROM poles_membership WHERE organisation_id IN (SELECT id FROM changed_rows) UNION SELECT id FROM poles_pole WHERE legal_person_id IN (SELECT id FROM changed_rows)'),
            ('territories_territory', 'SELECT p.id FROM poles_pole p JOIN territories_territory s ON s.id = p.seat_id WHERE s.id IN (SELECT id FROM changed_rows) OR s.region_id IN (SELECT id FROM changed_rows) OR s.departement_id IN (SELECT id FROM changed_rows) OR s.epci_id IN (SELECT id FROM changed_rows) UNION SELECT pole_id FROM poles_polecoverage WHERE territory_id IN (SELECT id FROM changed_rows)')
        ) AS f (relation, poles)
    LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format(
                'CREATE TRIGGER zz_catalogue_%1$s AFTER %2$s ON %3$I REFERENCING %4$s FOR EACH STATEMENT EXECUTE FUNCTION catalogue_follow(%5$L)',
                lower(event), event, followed.relation,
                CASE event
                    WHEN 'INSERT' THEN 'NEW TABLE AS changed_rows'
                    WHEN 'DELETE' THEN 'OLD TABLE AS changed_rows'
                    ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END,
                followed.poles);
        END LOOP;
    END LOOP;
END
$$;

-- What is typed, as a query: each word by its stem or as the beginning of a word; the words that
-- French passes over are passed over, unless nothing else was typed.
CREATE FUNCTION catalogue_query(typed text) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    word text;
    stem tsquery;
    found tsquery := ''::tsquery;
    passed_over tsquery := ''::tsquery;
BEGIN
    FOREACH word IN ARRAY string_to_array(core_normalise(typed), ' ') LOOP
        CONTINUE WHEN word = '';
        stem := to_tsquery('french_unaccent', word);
        IF numnode(stem) = 0 THEN
            passed_over := passed_over && to_tsquery('simple', word || ':*');
        ELSE
            found := found && (stem || to_tsquery('simple', word || ':*'));
        END IF;
    END LOOP;
    RETURN CASE WHEN numnode(found) = 0 THEN passed_over ELSE found END;
END
$$;

-- Kilometres along a great circle; least() because rounding may pass 1 at the antipodes.
CREATE FUNCTION catalogue_distance_km(
    latitude double precision, longitude double precision,
    other_latitude double precision, other_longitude double precision
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 2 * 6371.0 * asin(least(1, sqrt(
    power(sin(radians(other_latitude - latitude) / 2), 2)
    + cos(radians(latitude)) * cos(radians(other_latitude))
    * power(sin(radians(other_longitude - longitude) / 2), 2))));
