-- An update that changes nothing of what belongs to a pole changes nothing of the pole.
CREATE OR REPLACE FUNCTION poles_move_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE poles_pole SET version = version + 1 WHERE id IN (
            SELECT pole_id FROM (TABLE old_rows EXCEPT TABLE new_rows) AS gone
            UNION
            SELECT pole_id FROM (TABLE new_rows EXCEPT TABLE old_rows) AS come);
    ELSE
        UPDATE poles_pole SET version = version + 1
        WHERE id IN (SELECT pole_id FROM changed_rows);
    END IF;
    RETURN NULL;
END
$$;
