-- The composition of a pole, kept and enforced. poles_article9(), which migrations make from the
-- rules of poles/article9.py, is where it is computed; this file says when. The pole's row is the
-- lock: whatever changes its composition updates that row first, so that of two departures at the
-- same moment the second reads what the first has written.

CREATE FUNCTION poles_verdicts(rule text, wanted bigint[], day date)
RETURNS TABLE (pole_id bigint, verdict text, until date)
LANGUAGE sql STABLE AS $$
    SELECT v.* FROM (
        SELECT array_agg(id) AS ids, array_agg(members_confirmed_on) AS confirmed,
            array_agg(legal_person_id) AS persons
        FROM poles_pole WHERE id = ANY (wanted)
    ) p CROSS JOIN LATERAL poles_article9(rule, p.ids, p.confirmed, p.persons, day) v
$$;

CREATE FUNCTION poles_verdict(rule text, pole bigint, day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT verdict FROM poles_verdicts(rule, ARRAY[pole], day)
$$;

-- Written at each update of the row, so that nobody can write another.
CREATE FUNCTION poles_keep_verdict() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    SELECT v.verdict, v.until INTO NEW.verdict, NEW.verdict_until
    FROM poles_article9('minimum', ARRAY[NEW.id], ARRAY[NEW.members_confirmed_on],
        ARRAY[NEW.legal_person_id], (now() AT TIME ZONE 'Europe/Paris')::date) v;
    RETURN NEW;
END
$$;
CREATE TRIGGER poles_pole_verdict BEFORE INSERT OR UPDATE ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION poles_keep_verdict();

DROP TRIGGER poles_pole_check_version ON poles_pole;
CREATE TRIGGER poles_pole_check_version BEFORE UPDATE ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION core_check_version(
        'normalised_name', 'public_id', 'verdict', 'verdict_until');

-- Members move their pole's version, and so its verdict; poles are locked in one order by all.
CREATE OR REPLACE FUNCTION poles_move_version() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    -- An update that changes nothing of what belongs to a pole changes nothing of the pole.
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(pole_id) INTO touched FROM (
            SELECT pole_id FROM (TABLE old_rows EXCEPT TABLE new_rows) AS gone
            UNION
            SELECT pole_id FROM (TABLE new_rows EXCEPT TABLE old_rows) AS come) AS changed;
    ELSE
        SELECT array_agg(DISTINCT pole_id) INTO touched FROM changed_rows;
    END IF;
    PERFORM FROM poles_pole WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    UPDATE poles_pole SET version = version + 1 WHERE id = ANY (touched);
    RETURN NULL;
END
$$;

-- Whose facts are being changed elsewhere is waited for: the change would not see this membership,
-- nor this membership the change.
CREATE FUNCTION poles_lock_organisation() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM members_organisation WHERE id = NEW.organisation_id FOR SHARE;
    RETURN NEW;
END
$$;
CREATE TRIGGER poles_membership_organisation
    BEFORE INSERT OR UPDATE OF organisation_id ON poles_membership
    FOR EACH ROW EXECUTE FUNCTION poles_lock_organisation();

-- A change of kind, of a fact or a closing is no change of the pole's record, only of its verdict.
CREATE FUNCTION poles_follow_organisation() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT m.pole_id) INTO touched
    FROM poles_membership m
    WHERE m.role <> 'partenaire' AND m.organisation_id IN (
        SELECT a.id FROM new_rows a JOIN old_rows b ON b.id = a.id
        WHERE (a.kind, a.closed_on, a.is_commercial, a.is_ess, a.is_training_body,
               a.is_non_ess_grouping, a.is_legal_person)
            IS DISTINCT FROM
              (b.kind, b.closed_on, b.is_commercial, b.is_ess, b.is_training_body,
               b.is_non_ess_grouping, b.is_legal_person));
    IF touched IS NOT NULL THEN
        PERFORM FROM poles_pole WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
        UPDATE poles_pole SET verdict = verdict WHERE id = ANY (touched);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_organisation_verdict AFTER UPDATE ON members_organisation
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION poles_follow_organisation();

-- At the commit, whatever the path: recognised means satisfied, or under a live exception.
CREATE FUNCTION poles_check_recognised() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
    pole poles_pole;
    found_verdict text;
BEGIN
    SELECT * INTO pole FROM poles_pole WHERE id = NEW.id FOR NO KEY UPDATE;
    -- Only the row as it will be committed counts.
    IF pole.recognition IS DISTINCT FROM 'reconnu' OR pole.exception_until >= today THEN
        RETURN NULL;
    END IF;
    found_verdict := poles_verdict('minimum', pole.id, today);
    IF found_verdict <> 'satisfaite' THEN
        RAISE EXCEPTION 'Le pôle « % » est reconnu, mais % la composition minimale (règle du registre, d’après l’article 9). Il doit passer en régularisation par le même enregistrement, ou bénéficier d’une exception motivée en cours.',
            pole.name,
            CASE found_verdict WHEN 'non-satisfaite' THEN 'ses membres ne satisferaient pas'
                ELSE 'rien n’établirait plus que ses membres satisfont' END
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_article9';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER poles_pole_recognised AFTER INSERT OR UPDATE ON poles_pole
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.recognition = 'reconnu')
    EXECUTE FUNCTION poles_check_recognised();

-- Emptying a table at once fires no trigger of its rows.
CREATE FUNCTION poles_check_truncated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM poles_pole WHERE recognition = 'reconnu') THEN
        RAISE EXCEPTION 'Les membres de pôles reconnus ne s’effacent pas en bloc.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_article9';
    END IF;
    UPDATE poles_pole SET version = version + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_membership_truncated AFTER TRUNCATE ON poles_membership
    FOR EACH STATEMENT EXECUTE FUNCTION poles_check_truncated();
