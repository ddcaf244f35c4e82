-- A committee or an evaluation follows an award; the final one is by a third party. History from
-- before the registry is exempt, and says so.

-- The name under which an author is a party: the beneficiary, the pole, or one of its members on
-- that day; NULL for a third party. A name of several words may stand within the author's.
CREATE FUNCTION calls_party(author text, app calls_application, day date) RETURNS text
LANGUAGE sql STABLE AS $$
    WITH parties AS (
        SELECT o.name, o.acronym FROM members_organisation o
        WHERE o.id = app.beneficiary_id
            OR o.id = (SELECT legal_person_id FROM poles_pole WHERE id = app.pole_id)
            OR EXISTS (
                SELECT FROM poles_membership m
                WHERE m.pole_id = app.pole_id AND m.organisation_id = o.id
                    AND (m.begins_on IS NULL OR m.begins_on <= day)
                    AND (m.ends_on IS NULL OR m.ends_on >= day))
        UNION ALL SELECT name, acronym FROM poles_pole WHERE id = app.pole_id
    ), named AS (
        SELECT name, core_normalise(name) AS words FROM parties
        UNION ALL SELECT name, core_normalise(acronym) FROM parties
    )
    SELECT name FROM named
    WHERE words <> '' AND (words = core_normalise(author)
        OR words LIKE '% %'
            AND position(' ' || words || ' ' IN ' ' || core_normalise(author) || ' ') > 0)
    ORDER BY name LIMIT 1
$$;

CREATE FUNCTION calls_check_evaluation(row_ calls_evaluation, app calls_application) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    party text;
BEGIN
    IF app.imported THEN
        RETURN;
    END IF;
    IF app.decision NOT IN ('laureat', 'accompagne') THEN
        RAISE EXCEPTION 'Un comité de suivi ou une évaluation suit une aide : ce dossier n’en a pas reçu.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_evaluation_award';
    END IF;
    IF least(row_.planned_on, row_.held_on) < app.decided_on THEN
        RAISE EXCEPTION 'Un comité de suivi ou une évaluation ne précède pas l’aide, décidée le %.',
            to_char(app.decided_on, 'DD/MM/YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_evaluation_award';
    END IF;
    IF row_.kind = 'finale' THEN
        party := calls_party(row_.author, app, coalesce(row_.held_on, row_.planned_on));
        IF party IS NOT NULL THEN
            RAISE EXCEPTION 'L’évaluation finale est faite par un tiers : « % » est partie au projet (bénéficiaire, pôle ou membre).',
                party
                USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_evaluation_third_party';
        END IF;
    END IF;
END
$$;

CREATE FUNCTION calls_evaluation_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
BEGIN
    IF NEW.held_on > (now() AT TIME ZONE 'Europe/Paris')::date THEN
        RAISE EXCEPTION 'Ce qui est tenu ne se date pas d’un jour à venir.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_evaluation_time';
    END IF;
    SELECT * INTO app FROM calls_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
    PERFORM calls_check_evaluation(NEW, app);
    RETURN NULL;
END
$$;
CREATE TRIGGER calls_evaluation_changed AFTER INSERT OR UPDATE ON calls_evaluation
    FOR EACH ROW EXECUTE FUNCTION calls_evaluation_changed();

-- A decision that is undone, or dated later, meets what followed it.
CREATE FUNCTION calls_evaluated_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM calls_check_evaluation(e, NEW) FROM calls_evaluation e
    WHERE e.application_id = NEW.id ORDER BY e.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER calls_application_evaluated AFTER UPDATE ON calls_application
    FOR EACH ROW
    WHEN ((NEW.decision, NEW.decided_on, NEW.beneficiary_id, NEW.pole_id, NEW.imported)
        IS DISTINCT FROM
        (OLD.decision, OLD.decided_on, OLD.beneficiary_id, OLD.pole_id, OLD.imported))
    EXECUTE FUNCTION calls_evaluated_changed();
