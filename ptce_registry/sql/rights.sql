-- What the application's role may do, run by the owner of the tables after every migration; a second
-- run changes nothing. Read from the settings of the transaction: rights.application, the role;
-- rights.kept, what it may do besides reading with the tables of which something is kept, as
-- {table: [rights]}; rights.auditor and rights.personal, likewise, of who only reads.

-- Nobody switches the history off: any session could, by naming its triggers (pgtrigger.ignore).
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false';

-- Who acted, and why, is said within the transaction that acts. Said otherwise in another one, it is
-- another context: what was committed is never rewritten.
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    told uuid := nullif(current_setting('pghistory.context_id', true), '');
    said jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF told IS NULL OR said IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO pghistory_context AS kept (id, metadata, created_at, updated_at)
    VALUES (told, said, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE kept.created_at = now() AND kept.metadata <> EXCLUDED.metadata;
    IF NOT FOUND AND EXISTS (
        SELECT FROM pghistory_context WHERE id = told AND metadata <> said)
    THEN
        told := md5(told || said::text)::uuid;
        INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (told, said, now(), now()) ON CONFLICT (id) DO NOTHING;
    END IF;
    RETURN told;
END
$$;

DO $$
DECLARE
    application name := current_setting('rights.application');
    auditor name := current_setting('rights.auditor');
    kept jsonb := current_setting('rights.kept');
    personal jsonb := current_setting('rights.personal');
    named text;
    granted text;
    writes boolean;
BEGIN
    EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %I', application);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', application);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, %I', application);
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', application);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, %I', application);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', application);

    -- The events of the history are written by its triggers alone, as the owner.
    FOR named IN
        SELECT tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'pgtrigger\_append\_only\_%'
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %s FROM %I', named, application);
    END LOOP;
    FOR named IN SELECT each FROM jsonb_object_keys(kept) each WHERE to_regclass(each) IS NOT NULL LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM %I', named, application);
        FOR granted IN SELECT jsonb_array_elements_text(kept -> named) LOOP
            EXECUTE format('GRANT %s ON %I TO %I', granted, named, application);
        END LOOP;
    END LOOP;

    -- Whatever table of one's own a session puts before the registry's (pg_temp comes first where it
    -- is not named), triggers read the registry's.
    FOR named, writes IN
        SELECT oid::regprocedure, strpos(prosrc, '_pgh_attach_context()') > 0
            OR proname IN ('poles_keep_decision', 'poles_keep_record_step')
        FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_proc'::regclass AND objid = oid AND deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', named);
        IF writes THEN
            -- Who may not execute it makes no trigger of it, on a table of their own, that would
            -- write what they please; the registry's triggers need no such right.
            EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', named);
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC, %I', named, application);
        END IF;
    END LOOP;

    IF auditor <> '' THEN
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', auditor);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', auditor);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', auditor);
        FOR named IN
            SELECT each FROM jsonb_object_keys(personal) each WHERE to_regclass(each) IS NOT NULL
        LOOP
            EXECUTE format('REVOKE SELECT ON %I FROM %I', named, auditor);
            FOR granted IN SELECT jsonb_array_elements_text(personal -> named) LOOP
                EXECUTE format('GRANT SELECT (%I) ON %I TO %I', granted, named, auditor);
            END LOOP;
        END LOOP;
    END IF;
END
$$;
