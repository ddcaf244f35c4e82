-- A merge is kept as it was done: it is undone once, and only the accounts of who did either can be
-- erased.
CREATE FUNCTION poles_protect_merge() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{by_id,undone_by_id}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL THEN
        free := free || '{undone_at,undone_reason}'::text[];
    END IF;
    IF TG_OP = 'UPDATE'
        AND coalesce(NEW.by_id = OLD.by_id, NEW.by_id IS NULL)
        AND (coalesce(NEW.undone_by_id = OLD.undone_by_id, NEW.undone_by_id IS NULL)
            OR 'undone_at' = ANY (free))
        AND to_jsonb(NEW) - free = to_jsonb(OLD) - free
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Une fusion est gardée telle qu’elle a été faite : elle s’annule, une fois.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_merge_kept';
END
$$;
CREATE TRIGGER poles_merge_kept BEFORE UPDATE OR DELETE ON poles_merge
    FOR EACH ROW EXECUTE FUNCTION poles_protect_merge();

-- Its events are told among those of the poles (versions.sql).
ALTER TABLE poles_mergeevent ALTER COLUMN pgh_id DROP IDENTITY;
ALTER TABLE poles_mergeevent ALTER COLUMN pgh_id SET DEFAULT nextval('poles_event_number');
