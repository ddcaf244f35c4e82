-- Who brings about the states of a record (steps.sql), merging included: whoever may publish both
-- records archives one by merging it into the other, and takes it back by undoing that.
CREATE OR REPLACE FUNCTION poles_check_record_step() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    account bigint := poles_acting_account();
    before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.record_state ELSE '' END;
    other bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id THEN
        other := coalesce(NEW.merged_into_id, OLD.merged_into_id);
        IF account IS NOT NULL AND NOT poles_is_officer(account) AND NOT (
            poles_manages(account, OLD.reference_network_id)
            AND poles_manages(account, (
                SELECT reference_network_id FROM poles_pole WHERE id = other)))
        THEN
            RAISE EXCEPTION 'Seul qui peut publier les deux fiches les réunit, ou les sépare.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_record_step_by';
        END IF;
        RETURN NULL;
    END IF;
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

-- The record into which others were merged is itself merged into none. Both rows are read locked,
-- so that neither can miss what the other is writing.
CREATE FUNCTION poles_check_merged() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM poles_pole WHERE id IN (NEW.id, NEW.merged_into_id) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
            SELECT FROM poles_pole WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
        OR EXISTS (SELECT FROM poles_pole WHERE merged_into_id = NEW.id)
    THEN
        RAISE EXCEPTION 'Une fiche réunie à une autre l’est à celle qui reste.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_merged_chain';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER poles_pole_merged_chain AFTER INSERT OR UPDATE OF merged_into_id ON poles_pole
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION poles_check_merged();
