-- A proposal that was answered stands as it was made, since its history does not hold its values:
-- only the name of a person is taken out of it.
CREATE FUNCTION poles_protect_proposal() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := OLD.changes -> 'contact_name';
BEGIN
    IF OLD.changes - 'contact_name' = NEW.changes - 'contact_name'
        AND NEW.changes -> 'contact_name' IN (
            was || '{"before": ""}', was || '{"after": ""}', was || '{"before": "", "after": ""}')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Une proposition qui a reçu sa réponse reste telle qu’elle a été faite.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_proposal_kept';
END
$$;
CREATE TRIGGER poles_proposal_kept BEFORE UPDATE ON poles_proposal
    FOR EACH ROW WHEN (OLD.state <> 'attente' AND OLD.changes IS DISTINCT FROM NEW.changes)
    EXECUTE FUNCTION poles_protect_proposal();
