-- A version of a pole is all that its record shows: its own columns and every row that belongs to
-- it. Whatever changes one of those rows moves the pole's version first, under the lock of the
-- pole's row, and only then writes its event; and the events of all these tables are numbered by
-- one sequence. So the numbers are in the order of the locks, which is the order of the versions,
-- however the transactions began: what came before the event of version 8 is in version 7.

CREATE FUNCTION poles_move_versions(touched bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF touched IS NOT NULL THEN
        -- Poles are locked in one order by all.
        PERFORM FROM poles_pole WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
        UPDATE poles_pole SET version = version + 1 WHERE id = ANY (touched);
    END IF;
END
$$;

-- An update that changes nothing of what belongs to a pole changes nothing of the pole.
CREATE OR REPLACE FUNCTION poles_move_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM poles_move_versions((SELECT array_agg(pole_id) FROM (
            SELECT pole_id FROM (TABLE old_rows EXCEPT TABLE new_rows) AS gone
            UNION
            SELECT pole_id FROM (TABLE new_rows EXCEPT TABLE old_rows) AS come) AS changed));
    ELSE
        PERFORM poles_move_versions((SELECT array_agg(DISTINCT pole_id) FROM changed_rows));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION poles_move_version_of_project() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM poles_move_versions((
            SELECT array_agg(DISTINCT pole_id) FROM poles_poleproject WHERE id IN (
                SELECT poleproject_id FROM (TABLE old_rows EXCEPT TABLE new_rows) AS gone
                UNION
                SELECT poleproject_id FROM (TABLE new_rows EXCEPT TABLE old_rows) AS come)));
    ELSE
        PERFORM poles_move_versions((
            SELECT array_agg(DISTINCT pole_id) FROM poles_poleproject
            WHERE id IN (SELECT poleproject_id FROM changed_rows)));
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    owned text;
    moves text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['poles_membership', 'poles_poletheme', 'poles_polecoverage'] LOOP
        EXECUTE format('DROP TRIGGER %1$s_inserted ON %1$s', owned);
        EXECUTE format('DROP TRIGGER %1$s_updated ON %1$s', owned);
        EXECUTE format('DROP TRIGGER %1$s_deleted ON %1$s', owned);
    END LOOP;
    -- Triggers fire in the order of their names: these before those of the history.
    FOREACH owned IN ARRAY ARRAY[
        'poles_membership', 'poles_poletheme', 'poles_polecoverage', 'poles_polenetwork',
        'poles_polesource', 'poles_poleproject', 'poles_poleproject_members', 'poles_polefigures']
    LOOP
        moves := CASE owned WHEN 'poles_poleproject_members' THEN 'poles_move_version_of_project'
            ELSE 'poles_move_version' END;
        EXECUTE format('CREATE TRIGGER aa_version_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION %I()', owned, moves);
        EXECUTE format('CREATE TRIGGER aa_version_updated AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %I()', owned, moves);
        EXECUTE format('CREATE TRIGGER aa_version_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION %I()', owned, moves);
    END LOOP;
END
$$;

-- Events that were numbered table by table are numbered anew: of one transaction, those of the
-- rows come after those of the pole.
CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
SELECT relation, pgh_id,
    row_number() OVER (ORDER BY pgh_created_at, relation <> 'poles_poleevent', relation, pgh_id)
    + max(pgh_id) OVER () AS number
FROM (
    SELECT 'poles_poleevent' AS relation, pgh_id, pgh_created_at FROM poles_poleevent
    UNION ALL SELECT 'poles_membershipevent', pgh_id, pgh_created_at FROM poles_membershipevent
    UNION ALL SELECT 'poles_polethemeevent', pgh_id, pgh_created_at FROM poles_polethemeevent
    UNION ALL SELECT 'poles_polecoverageevent', pgh_id, pgh_created_at FROM poles_polecoverageevent
    UNION ALL SELECT 'poles_polenetworkevent', pgh_id, pgh_created_at FROM poles_polenetworkevent
    UNION ALL SELECT 'poles_polesourceevent', pgh_id, pgh_created_at FROM poles_polesourceevent
    UNION ALL SELECT 'poles_poleprojectevent', pgh_id, pgh_created_at FROM poles_poleprojectevent
    UNION ALL SELECT 'poles_poleprojectmemberevent', pgh_id, pgh_created_at
        FROM poles_poleprojectmemberevent
    UNION ALL SELECT 'poles_polefiguresevent', pgh_id, pgh_created_at FROM poles_polefiguresevent
) AS events;

CREATE SEQUENCE poles_event_number AS integer;
SELECT setval('poles_event_number', (SELECT coalesce(max(number), 0) + 1 FROM numbered), false);

DO $$
DECLARE
    events text;
BEGIN
    FOREACH events IN ARRAY ARRAY[
        'poles_poleevent', 'poles_membershipevent', 'poles_polethemeevent',
        'poles_polecoverageevent', 'poles_polenetworkevent', 'poles_polesourceevent',
        'poles_poleprojectevent', 'poles_poleprojectmemberevent', 'poles_polefiguresevent']
    LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', events);
        EXECUTE format('UPDATE %1$I e SET pgh_id = n.number FROM numbered n WHERE n.relation = %1$L AND n.pgh_id = e.pgh_id', events);
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', events);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN pgh_id DROP IDENTITY', events);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN pgh_id SET DEFAULT nextval(%L)', events, 'poles_event_number');
    END LOOP;
END
$$;
DROP TABLE numbered;
