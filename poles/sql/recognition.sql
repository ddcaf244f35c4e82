-- Recognition: which states follow which, and every decision kept with the verdict of its day.

CREATE FUNCTION poles_check_recognition_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (CASE OLD.recognition
        WHEN 'aucune' THEN NEW.recognition = 'reconnu'
        WHEN 'reconnu' THEN NEW.recognition IN ('regularisation', 'retire')
        WHEN 'regularisation' THEN NEW.recognition IN ('reconnu', 'retire')
        ELSE NEW.recognition = 'reconnu' END)
    THEN
        RAISE EXCEPTION '%', CASE NEW.recognition
            WHEN 'aucune' THEN 'Une reconnaissance ne s’efface pas : elle se retire, avec ses motifs.'
            WHEN 'regularisation' THEN 'Seul un pôle reconnu passe en régularisation.'
            ELSE 'Seule une reconnaissance en cours se retire.' END
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_recognition_step';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_pole_recognition_step AFTER UPDATE OF recognition ON poles_pole
    FOR EACH ROW WHEN (OLD.recognition IS DISTINCT FROM NEW.recognition)
    EXECUTE FUNCTION poles_check_recognition_step();

-- What the verdict of a day rests on: who took part, with which facts, and where they come from.
CREATE FUNCTION poles_composition_evidence(pole bigint, day date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'liste_confirmee_le', p.members_confirmed_on,
        'membres', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'organisation', o.id, 'nom', o.name, 'siren', o.siren, 'role', m.role,
                'depuis', m.begins_on, 'jusqu_au', m.ends_on, 'nature', o.kind,
                'is_commercial', o.is_commercial, 'is_ess', o.is_ess,
                'is_training_body', o.is_training_body,
                'is_non_ess_grouping', o.is_non_ess_grouping,
                'is_legal_person', o.is_legal_person,
                'preuves', coalesce((
                    SELECT jsonb_agg(jsonb_build_object(
                        'objet', e.aspect, 'valeur', e.value, 'origine', e.origin,
                        'source', e.source, 'le', e.stated_on, 'par', e.stated_by_id)
                        ORDER BY e.aspect, e.id)
                    FROM members_factevidence e WHERE e.organisation_id = o.id), '[]')
                ) ORDER BY o.id)
            FROM poles_membership m JOIN members_organisation o ON o.id = m.organisation_id
            WHERE m.pole_id = p.id AND m.role <> 'partenaire'
                AND m.organisation_id IS DISTINCT FROM p.legal_person_id
                AND (m.begins_on IS NULL OR m.begins_on <= day)
                AND (m.ends_on IS NULL OR m.ends_on >= day)
                AND (o.closed_on IS NULL OR o.closed_on > day)), '[]'))
    FROM poles_pole p WHERE p.id = pole
$$;

-- Deferred, so that the evidence is that of the composition as it is committed.
CREATE FUNCTION poles_keep_decision() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
    pole poles_pole;
BEGIN
    SELECT * INTO pole FROM poles_pole WHERE id = NEW.id;
    -- Changed again, or erased, within the same transaction: only what is committed was decided.
    IF NOT FOUND OR (pole.recognition, pole.recognition_on, pole.recognition_reason,
                     pole.regularise_by, pole.heard_on, pole.exception_until, pole.exception_reason)
        IS DISTINCT FROM (NEW.recognition, NEW.recognition_on, NEW.recognition_reason,
                     NEW.regularise_by, NEW.heard_on, NEW.exception_until, NEW.exception_reason)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO poles_recognitiondecision (
        pole_id, state, decided_on, officer_id, reason, regularise_by, heard_on,
        exception_until, exception_reason, rule, verdict, assessed_on, evidence, recorded_at)
    VALUES (
        pole.id, pole.recognition, pole.recognition_on, pole.recognition_officer_id,
        pole.recognition_reason, pole.regularise_by, pole.heard_on,
        pole.exception_until, pole.exception_reason, 'minimum',
        poles_verdict('minimum', pole.id, today), today,
        poles_composition_evidence(pole.id, today), now());
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER poles_pole_decided AFTER INSERT ON poles_pole
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.recognition <> 'aucune')
    EXECUTE FUNCTION poles_keep_decision();
CREATE CONSTRAINT TRIGGER poles_pole_decided_again AFTER UPDATE ON poles_pole
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.recognition, OLD.recognition_on, OLD.recognition_reason, OLD.regularise_by,
           OLD.heard_on, OLD.exception_until, OLD.exception_reason)
        IS DISTINCT FROM
          (NEW.recognition, NEW.recognition_on, NEW.recognition_reason, NEW.regularise_by,
           NEW.heard_on, NEW.exception_until, NEW.exception_reason))
    EXECUTE FUNCTION poles_keep_decision();

-- A decision is kept as it was; only the account of its officer can be erased.
CREATE FUNCTION poles_protect_decision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.officer_id IS NULL
        AND to_jsonb(NEW) - 'officer_id' = to_jsonb(OLD) - 'officer_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Une décision de reconnaissance est gardée telle qu’elle a été prise.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_recognitiondecision_kept';
END
$$;
CREATE TRIGGER poles_recognitiondecision_kept BEFORE UPDATE OR DELETE ON poles_recognitiondecision
    FOR EACH ROW EXECUTE FUNCTION poles_protect_decision();
