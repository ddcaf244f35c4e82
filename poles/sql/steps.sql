-- The states of a record: which follow which, who may bring them about, and each step kept.

-- Who acts: the account of the history's context. NULL for a command, the shell or SQL by hand.
CREATE FUNCTION poles_acting_account() RETURNS bigint
LANGUAGE sql STABLE
RETURN (
    SELECT id FROM networks_user WHERE id =
        (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint);

CREATE FUNCTION poles_is_officer(account bigint) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM networks_user
    WHERE id = account AND is_active AND role IN ('agent', 'administrateur'));

CREATE FUNCTION poles_manages(account bigint, network bigint) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM networks_networkstaff s JOIN networks_user u ON u.id = s.user_id
    WHERE u.id = account AND u.is_active AND s.network_id = network AND s.role = 'responsable');

CREATE FUNCTION poles_check_record_step() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    account bigint := poles_acting_account();
    before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.record_state ELSE '' END;
BEGIN
    IF NOT (CASE before
        WHEN '' THEN true
        WHEN 'brouillon' THEN true
        WHEN 'soumis' THEN true
        WHEN 'publie' THEN NEW.record_state = 'archive'
        ELSE NEW.record_state IN ('brouillon', 'publie') END)
    THEN
        RAISE EXCEPTION '%', CASE before
            WHEN 'publie' THEN 'Une fiche publiée ne redevient pas un brouillon : elle s’archive, avec son motif.'
            ELSE 'Une fiche archivée se reprend en brouillon, ou se publie de nouveau.' END
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_record_step';
    END IF;
    IF account IS NULL OR poles_is_officer(account) THEN
        RETURN NULL;
    END IF;
    IF 'archive' IN (before, NEW.record_state) THEN
        RAISE EXCEPTION 'Seul le ministère archive une fiche ou la reprend.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_record_step_by';
    END IF;
    IF NEW.record_state = 'publie' AND NOT poles_manages(account, NEW.reference_network_id) THEN
        RAISE EXCEPTION 'Seul un responsable du réseau de référence, ou le ministère, publie une fiche.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_record_step_by';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_pole_record_step AFTER UPDATE OF record_state ON poles_pole
    FOR EACH ROW WHEN (OLD.record_state IS DISTINCT FROM NEW.record_state)
    EXECUTE FUNCTION poles_check_record_step();
CREATE TRIGGER poles_pole_record_begins AFTER INSERT ON poles_pole
    FOR EACH ROW WHEN (NEW.record_state <> 'brouillon')
    EXECUTE FUNCTION poles_check_record_step();

CREATE FUNCTION poles_keep_record_step() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    account bigint := poles_acting_account();
    why text := coalesce(
        nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'why', '');
    before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.record_state ELSE '' END;
BEGIN
    IF before <> NEW.record_state THEN
        INSERT INTO poles_recordstep
            (pole_id, act, before, after, network_id, by_id, reason, recorded_at)
        VALUES (
            NEW.id,
            CASE
                WHEN before = 'archive' THEN 'reprise'
                WHEN NEW.record_state = 'archive' THEN 'archivage'
                WHEN NEW.record_state = 'publie' THEN 'publication'
                WHEN NEW.record_state = 'soumis' THEN 'soumission'
                WHEN before = 'soumis' THEN 'refus'
                ELSE 'creation' END,
            before, NEW.record_state, NEW.reference_network_id, account,
            CASE NEW.record_state WHEN 'archive' THEN NEW.archive_reason ELSE why END, now());
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.reference_network_id IS DISTINCT FROM NEW.reference_network_id THEN
        INSERT INTO poles_recordstep
            (pole_id, act, before, after, network_id, by_id, reason, recorded_at)
        VALUES (NEW.id, 'prise-en-charge', NEW.record_state, NEW.record_state,
                NEW.reference_network_id, account, why, now());
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_pole_step_kept AFTER UPDATE OF record_state, reference_network_id ON poles_pole
    FOR EACH ROW WHEN ((OLD.record_state, OLD.reference_network_id)
        IS DISTINCT FROM (NEW.record_state, NEW.reference_network_id))
    EXECUTE FUNCTION poles_keep_record_step();
-- Of the rows that a command brings in, the command is the history.
CREATE TRIGGER poles_pole_step_begun AFTER INSERT ON poles_pole
    FOR EACH ROW WHEN (poles_acting_account() IS NOT NULL)
    EXECUTE FUNCTION poles_keep_record_step();

CREATE FUNCTION poles_protect_record_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND coalesce(NEW.by_id = OLD.by_id, NEW.by_id IS NULL)
        AND coalesce(NEW.network_id = OLD.network_id, NEW.network_id IS NULL)
        AND to_jsonb(NEW) - '{by_id,network_id}'::text[] = to_jsonb(OLD) - '{by_id,network_id}'::text[]
    THEN
        RETURN NEW;
    END IF;
    -- A record that nobody ever saw can go, and its steps with it.
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT FROM poles_recordstep s JOIN poles_pole p ON p.id = s.pole_id
        WHERE s.pole_id = OLD.pole_id
            AND (p.record_state IN ('publie', 'archive') OR 'publie' IN (s.before, s.after)))
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Les étapes d’une fiche sont gardées telles qu’elles ont eu lieu.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_recordstep_kept';
END
$$;
CREATE TRIGGER poles_recordstep_kept BEFORE UPDATE OR DELETE ON poles_recordstep
    FOR EACH ROW EXECUTE FUNCTION poles_protect_record_step();
