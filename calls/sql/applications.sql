CREATE FUNCTION calls_check_application() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM calls_wave WHERE id = NEW.wave_id AND call_id <> NEW.call_id)
    OR EXISTS (SELECT FROM calls_strand WHERE id = NEW.strand_id AND call_id <> NEW.call_id) THEN
        RAISE EXCEPTION 'La vague et le volet doivent être ceux de l’appel.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_same_call';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER calls_check_application BEFORE INSERT OR UPDATE ON calls_application
    FOR EACH ROW EXECUTE FUNCTION calls_check_application();
