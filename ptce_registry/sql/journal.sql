-- By what the journal finds its way (core/journal.py), in each table of events, those that a later
-- migration adds included: run by their owner after every migration.
DO $$
DECLARE
    named name;
BEGIN
    FOR named IN
        SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE t.tgname LIKE 'pgtrigger\_append\_only\_%' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (pgh_created_at)', named || '_at', named);
    END LOOP;
    IF to_regclass('pghistory_context') IS NOT NULL THEN
        CREATE INDEX IF NOT EXISTS pghistory_context_at ON pghistory_context (created_at);
        CREATE INDEX IF NOT EXISTS pghistory_context_user
            ON pghistory_context ((metadata ->> 'user'), created_at);
    END IF;
END
$$;
