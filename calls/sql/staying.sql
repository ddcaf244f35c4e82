-- What was decided, said or kept stays where it is, and when it was: the ways around the rules of a
-- call that consist in moving what they look at.

-- A part that left for another call would take its envelope away from what is engaged.
CREATE FUNCTION calls_check_part() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'calls_wave' THEN
        RAISE EXCEPTION 'Une vague reste dans son appel.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_wave_call';
    END IF;
    RAISE EXCEPTION 'Un volet reste dans son appel.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_strand_call';
END
$$;
CREATE TRIGGER calls_wave_call BEFORE UPDATE ON calls_wave
    FOR EACH ROW WHEN (NEW.call_id <> OLD.call_id) EXECUTE FUNCTION calls_check_part();
CREATE TRIGGER calls_strand_call BEFORE UPDATE ON calls_strand
    FOR EACH ROW WHEN (NEW.call_id <> OLD.call_id) EXECUTE FUNCTION calls_check_part();

-- How a call is run is not changed from a snapshot, which would not see what was just decided.
CREATE FUNCTION calls_check_seen() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM calls_check_isolation();
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_call_seen BEFORE UPDATE ON calls_call
    FOR EACH ROW WHEN (
        (NEW.state, NEW.run_in_registry, NEW.permanent, NEW.composition_rule)
        IS DISTINCT FROM (OLD.state, OLD.run_in_registry, OLD.permanent, OLD.composition_rule))
    EXECUTE FUNCTION calls_check_seen();

-- After calls_application_time, which locks the wave and the call: triggers go by name.
CREATE FUNCTION calls_check_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT run_in_registry FROM calls_call WHERE id = OLD.call_id) THEN
        RETURN NEW;
    END IF;
    IF (NEW.call_id, NEW.wave_id, NEW.strand_id)
            IS DISTINCT FROM (OLD.call_id, OLD.wave_id, OLD.strand_id)
        AND OLD.decision NOT IN ('inconnue', 'retire')
    THEN
        RAISE EXCEPTION 'Une candidature décidée reste dans son appel, sa vague et son volet.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_moved';
    END IF;
    IF NEW.decision = 'inconnue' AND OLD.decision <> 'inconnue'
        AND calls_step(NEW.call_id, NEW.wave_id) = 'decide'
    THEN
        RAISE EXCEPTION 'Dans un appel décidé, une décision se remplace par une autre ; pour la retirer, l’instruction se rouvre d’abord.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_undecided';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_application_whole BEFORE UPDATE ON calls_application
    FOR EACH ROW WHEN (
        (NEW.call_id, NEW.wave_id, NEW.strand_id, NEW.decision)
        IS DISTINCT FROM (OLD.call_id, OLD.wave_id, OLD.strand_id, OLD.decision))
    EXECUTE FUNCTION calls_check_stays();

CREATE FUNCTION calls_check_session() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM calls_decisionsession WHERE id = NEW.session_id AND call_id <> NEW.call_id)
    THEN
        RAISE EXCEPTION 'Une session décide des dossiers de son appel.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_session';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_application_session BEFORE INSERT OR UPDATE OF session_id, call_id
    ON calls_application
    FOR EACH ROW WHEN (NEW.session_id IS NOT NULL) EXECUTE FUNCTION calls_check_session();

CREATE FUNCTION calls_check_signed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.call_id <> OLD.call_id THEN
        RAISE EXCEPTION 'Une session décide des dossiers de son appel.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_session';
    END IF;
    -- Only the account of who recorded it was erased.
    IF TG_OP = 'UPDATE' AND NEW.officer_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT coalesce(poles_is_officer(NEW.officer_id), false) THEN
        RAISE EXCEPTION 'Une session est enregistrée par un agent du ministère, qui la signe.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_decisionsession_officer';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_decisionsession_signed
    BEFORE INSERT OR UPDATE OF call_id, officer_id ON calls_decisionsession
    FOR EACH ROW EXECUTE FUNCTION calls_check_signed();

-- Where the registry cannot tell, an officer says, by name and of a day that has come.
CREATE FUNCTION calls_check_attested() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.attested_on, NEW.attestation) IS NOT DISTINCT FROM (OLD.attested_on, OLD.attestation)
        AND (NEW.attested_by_id IS NULL OR NEW.attested_by_id = OLD.attested_by_id)
    THEN
        RETURN NEW;
    END IF;
    IF NOT coalesce(poles_is_officer(NEW.attested_by_id), false)
        OR NEW.attested_on > (now() AT TIME ZONE 'Europe/Paris')::date
    THEN
        RAISE EXCEPTION 'Une attestation est signée par un agent du ministère, et ne se date pas d’un jour à venir.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_attested';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_application_attested
    BEFORE INSERT OR UPDATE OF attested_on, attestation, attested_by_id ON calls_application
    FOR EACH ROW WHEN (NEW.attested_on IS NOT NULL AND NEW.attestation <> '')
    EXECUTE FUNCTION calls_check_attested();

-- An opinion that left a decided file would be gone from what was decided on.
CREATE FUNCTION calls_check_opinion_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Un avis reste sur le dossier pour lequel il a été donné.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_regionalopinion_moved';
END
$$;
CREATE TRIGGER calls_regionalopinion_moved BEFORE UPDATE ON calls_regionalopinion
    FOR EACH ROW WHEN (NEW.application_id <> OLD.application_id)
    EXECUTE FUNCTION calls_check_opinion_stays();

CREATE FUNCTION calls_check_paid() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Ce qui est versé ne se date pas d’un jour à venir.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_instalment_time';
END
$$;
CREATE TRIGGER calls_instalment_time BEFORE INSERT OR UPDATE OF paid_on ON calls_instalment
    FOR EACH ROW WHEN (NEW.paid_on > (now() AT TIME ZONE 'Europe/Paris')::date)
    EXECUTE FUNCTION calls_check_paid();

-- What is kept for good says when it was recorded: the clock of the pages may be a little off.
CREATE FUNCTION calls_check_dated() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    told timestamptz := (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz;
BEGIN
    IF told NOT BETWEEN clock_timestamp() - interval '5 minutes'
        AND clock_timestamp() + interval '5 minutes'
    THEN
        RAISE EXCEPTION 'Ce qui est gardé est daté du moment où il est enregistré.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[1];
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_examination_dated BEFORE INSERT ON calls_examination
    FOR EACH ROW EXECUTE FUNCTION calls_check_dated('recorded_at', 'calls_examination_dated');
CREATE TRIGGER calls_letter_dated BEFORE INSERT ON calls_letter
    FOR EACH ROW EXECUTE FUNCTION calls_check_dated('sent_at', 'calls_letter_dated');
CREATE TRIGGER calls_parliamentaryanswer_dated BEFORE INSERT ON calls_parliamentaryanswer
    FOR EACH ROW EXECUTE FUNCTION calls_check_dated('asked_at', 'calls_parliamentaryanswer_dated');

-- Of two conclusions on a file at once, the second is read beside the first.
CREATE FUNCTION calls_lock_examined() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM calls_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_examination_alone BEFORE INSERT ON calls_examination
    FOR EACH ROW EXECUTE FUNCTION calls_lock_examined();
