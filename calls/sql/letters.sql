-- Letters: sent only of what is so, and kept as they were sent.

CREATE FUNCTION calls_check_letter() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
    step text;
BEGIN
    -- Who decides or examines waits until it is told, or it is told of what they wrote.
    SELECT * INTO app FROM calls_application WHERE id = NEW.application_id FOR SHARE;
    step := calls_step(app.call_id, app.wave_id);
    IF NOT coalesce(CASE
        WHEN NEW.kind = 'recu' THEN app.received_on IS NOT NULL AND step <> 'preparation'
        WHEN NEW.kind = 'recevable' THEN
            app.admissible AND app.eligible AND step <> 'preparation'
        WHEN NEW.kind = 'irrecevable' THEN
            (NOT app.admissible OR NOT app.eligible) AND step <> 'preparation'
        WHEN NEW.kind IN ('laureat', 'accompagne', 'refuse') THEN
            app.decision = NEW.kind AND step IN ('decide', 'clos')
        WHEN NEW.kind = 'relance' THEN app.decision IN ('laureat', 'accompagne')
        ELSE true END, false)
    THEN
        RAISE EXCEPTION 'Ce courrier ne dit pas où en est le dossier : rien n’est envoyé.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_letter_stage';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_letter_stage BEFORE INSERT ON calls_letter
    FOR EACH ROW EXECUTE FUNCTION calls_check_letter();

CREATE FUNCTION calls_protect_letter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Only an account, or the address of a person, was erased.
    IF TG_OP = 'UPDATE'
        AND (NEW.officer_id IS NULL OR NEW.officer_id = OLD.officer_id)
        AND NEW.address IN ('', OLD.address)
        AND to_jsonb(NEW) - '{officer_id,address}'::text[]
            = to_jsonb(OLD) - '{officer_id,address}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Un courrier est gardé tel qu’il a été envoyé.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_letter_kept';
END
$$;
CREATE TRIGGER calls_letter_kept BEFORE UPDATE OR DELETE ON calls_letter
    FOR EACH ROW EXECUTE FUNCTION calls_protect_letter();
