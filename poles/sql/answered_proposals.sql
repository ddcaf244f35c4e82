-- What was answered does not wait again: its values could then be others.
CREATE FUNCTION poles_check_answered() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Une proposition qui a reçu sa réponse ne revient pas en attente.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_proposal_answered';
END
$$;
CREATE TRIGGER poles_proposal_answered BEFORE UPDATE ON poles_proposal
    FOR EACH ROW WHEN (OLD.state <> 'attente' AND NEW.state = 'attente')
    EXECUTE FUNCTION poles_check_answered();
