-- Who concludes on a file is an officer, by name; the file says what was concluded last, whatever
-- the path. Files from before the registry, and of calls that it does not run, are exempt.

CREATE FUNCTION calls_check_examiner() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT coalesce(poles_is_officer(NEW.officer_id), false) THEN
        RAISE EXCEPTION 'Un examen est conclu par un agent du ministère, qui le signe.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_examination_officer';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_examination_officer BEFORE INSERT ON calls_examination
    FOR EACH ROW EXECUTE FUNCTION calls_check_examiner();

CREATE FUNCTION calls_check_concluded() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
BEGIN
    -- Only the row as it will be committed counts.
    SELECT * INTO app FROM calls_application
    WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF app.id IS NULL OR app.imported
        OR NOT (SELECT run_in_registry FROM calls_call WHERE id = app.call_id)
    THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM (VALUES ('recevabilite', app.admissible), ('eligibilite', app.eligible))
            AS said (subject, conclusion)
        WHERE said.conclusion IS DISTINCT FROM (
            SELECT e.conclusion FROM calls_examination e
            WHERE e.application_id = app.id AND e.subject = said.subject
            ORDER BY e.recorded_at DESC, e.id DESC LIMIT 1))
    THEN
        RAISE EXCEPTION 'La recevabilité et l’éligibilité d’un dossier sont celles qu’un agent a conclues à son examen.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_concluded';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER calls_application_concluded_new AFTER INSERT ON calls_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NOT NEW.imported AND (NEW.admissible IS NOT NULL OR NEW.eligible IS NOT NULL))
    EXECUTE FUNCTION calls_check_concluded('id');
CREATE CONSTRAINT TRIGGER calls_application_concluded AFTER UPDATE ON calls_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((NEW.admissible, NEW.eligible, NEW.imported, NEW.call_id)
        IS DISTINCT FROM (OLD.admissible, OLD.eligible, OLD.imported, OLD.call_id))
    EXECUTE FUNCTION calls_check_concluded('id');
CREATE CONSTRAINT TRIGGER calls_examination_concluded AFTER INSERT ON calls_examination
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION calls_check_concluded('application_id');
