-- What was decided, and what was paid, does not go: as much could be given, or paid, again. What was
-- typed by mistake is first said not to be so.
CREATE FUNCTION calls_check_application_goes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT run_in_registry FROM calls_call WHERE id = OLD.call_id) THEN
        RAISE EXCEPTION 'Une candidature décidée ne s’efface pas.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_deleted';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER calls_application_deleted BEFORE DELETE ON calls_application
    FOR EACH ROW WHEN (OLD.decision NOT IN ('inconnue', 'retire'))
    EXECUTE FUNCTION calls_check_application_goes();

CREATE FUNCTION calls_check_instalment_goes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT imported FROM calls_application WHERE id = OLD.application_id) THEN
        RAISE EXCEPTION 'Un versement fait ne s’efface pas et reste à son dossier ; s’il n’a pas eu lieu, dites-le d’abord prévu.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_instalment_deleted';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER calls_instalment_deleted BEFORE DELETE ON calls_instalment
    FOR EACH ROW WHEN (OLD.state = 'verse') EXECUTE FUNCTION calls_check_instalment_goes();
CREATE TRIGGER calls_instalment_moved BEFORE UPDATE ON calls_instalment
    FOR EACH ROW WHEN (OLD.state = 'verse' AND NEW.application_id <> OLD.application_id)
    EXECUTE FUNCTION calls_check_instalment_goes();

-- Who writes to those who applied is an officer, who signs.
CREATE FUNCTION calls_check_sender() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT coalesce(poles_is_officer(NEW.officer_id), false) THEN
        RAISE EXCEPTION 'Un courrier est envoyé par un agent du ministère, qui le signe.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_letter_officer';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_letter_officer BEFORE INSERT ON calls_letter
    FOR EACH ROW EXECUTE FUNCTION calls_check_sender();
