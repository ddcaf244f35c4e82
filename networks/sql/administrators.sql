-- A ministry that keeps officers keeps an administrator: the last one neither leaves nor steps down
-- before another is named. Asked at the commit, so that one may take over from another.
CREATE FUNCTION networks_check_administrators() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Two administrators who step down at once would each count on the other.
    PERFORM pg_advisory_xact_lock(hashtext('networks_check_administrators'));
    IF EXISTS (SELECT FROM networks_user WHERE is_active AND role <> 'reseau')
        AND NOT EXISTS (SELECT FROM networks_user WHERE is_active AND role = 'administrateur')
    THEN
        RAISE EXCEPTION 'Le registre garde un administrateur : nommez d’abord quelqu’un d’autre.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'networks_user_administrator';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER networks_check_administrators AFTER UPDATE OF role, is_active OR DELETE
    ON networks_user DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.is_active AND OLD.role = 'administrateur')
    EXECUTE FUNCTION networks_check_administrators();
