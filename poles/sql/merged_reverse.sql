DROP FUNCTION poles_check_merged() CASCADE;
CREATE OR REPLACE FUNCTION poles_check_record_step() RETURNS trigger
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
