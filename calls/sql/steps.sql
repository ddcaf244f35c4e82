-- The steps of a call that is run in the registry, and of the waves of a permanent one; when its
-- applications are received and decided. Applications and waves are locked before
-- their call, everywhere.

-- A lock alone lets a second transaction see what the first has written only in this isolation.
CREATE FUNCTION calls_check_isolation() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Les engagements et les versements s’enregistrent en isolation « read committed ».'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_isolation';
    END IF;
END
$$;

CREATE FUNCTION calls_lock(wanted bigint) RETURNS calls_call
LANGUAGE plpgsql AS $$
DECLARE
    found_call calls_call;
BEGIN
    PERFORM calls_check_isolation();
    SELECT * INTO found_call FROM calls_call WHERE id = wanted FOR NO KEY UPDATE;
    RETURN found_call;
END
$$;

-- The step at which an application is: that of its wave, in a permanent call.
CREATE FUNCTION calls_step(call bigint, wave bigint) RETURNS text
LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN c.permanent AND w.id IS NOT NULL THEN w.state ELSE c.state END
    FROM calls_call c LEFT JOIN calls_wave w ON w.id = wave WHERE c.id = call);

CREATE FUNCTION calls_check_following(before text, after text, permanent boolean, rule text)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (CASE
        WHEN permanent THEN (before, after) IN (
            ('preparation', 'ouvert'), ('ouvert', 'clos'), ('ouvert', 'preparation'),
            ('clos', 'ouvert'))
        ELSE (before, after) IN (
            ('preparation', 'ouvert'), ('ouvert', 'instruction'), ('ouvert', 'preparation'),
            ('instruction', 'decide'), ('instruction', 'ouvert'), ('decide', 'clos'),
            ('decide', 'instruction'), ('clos', 'decide')) END)
    THEN
        RAISE EXCEPTION '%', CASE WHEN permanent
            THEN 'Un appel permanent s’ouvre et se clôt ; ce sont ses vagues qui s’instruisent et se décident.'
            ELSE 'Les étapes se suivent : en préparation, ouvert, en instruction, décidé, clos.' END
            USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
END
$$;

-- What a step demands of the applications of a call, or of one of its waves.
CREATE FUNCTION calls_check_ready(call bigint, wave bigint, before text, after text, rule text)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    waiting integer;
    refusal text;
BEGIN
    SELECT count(*) INTO waiting FROM calls_application a
    WHERE a.call_id = call AND (wave IS NULL OR a.wave_id = wave)
        AND CASE after
            WHEN 'preparation' THEN true
            WHEN 'ouvert' THEN before = 'instruction' AND a.decision NOT IN ('inconnue', 'retire')
            WHEN 'decide' THEN before = 'instruction' AND a.decision = 'inconnue'
            ELSE false END;
    IF waiting > 0 THEN
        refusal := CASE after
            WHEN 'preparation' THEN 'Des dossiers sont déjà reçus : l’appel, ou la vague, reste ouvert.'
            WHEN 'ouvert' THEN 'Des décisions sont déjà prises : on ne rouvre pas au dépôt.'
            WHEN 'decide' THEN CASE WHEN waiting = 1 THEN 'Un dossier attend encore sa décision.'
                ELSE waiting || ' dossiers attendent encore leur décision.' END END;
        RAISE EXCEPTION '%', refusal USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
END
$$;

CREATE FUNCTION calls_check_call_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'preparation' THEN
            RAISE EXCEPTION 'Un appel commence en préparation.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_call_step';
        END IF;
        RETURN NULL;
    END IF;
    IF (NEW.run_in_registry <> OLD.run_in_registry
        OR NEW.run_in_registry AND NEW.permanent <> OLD.permanent)
        AND EXISTS (SELECT FROM calls_application WHERE call_id = NEW.id)
    THEN
        RAISE EXCEPTION 'Un appel qui a des dossiers garde la façon dont il est conduit.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_call_run';
    END IF;
    IF NEW.composition_rule <> OLD.composition_rule AND EXISTS (
        SELECT FROM calls_application
        WHERE call_id = NEW.id AND decision = 'laureat' AND NOT imported)
    THEN
        RAISE EXCEPTION 'La règle de composition ne change plus une fois qu’un lauréat est désigné.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_call_rule';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    PERFORM calls_check_following(OLD.state, NEW.state, NEW.permanent, 'calls_call_step');
    IF NOT NEW.permanent OR NEW.state = 'preparation' THEN
        PERFORM calls_check_ready(NEW.id, NULL, OLD.state, NEW.state, 'calls_call_step');
    ELSIF NEW.state = 'clos' AND EXISTS (
        SELECT FROM calls_wave WHERE call_id = NEW.id AND state IN ('ouvert', 'instruction'))
    THEN
        RAISE EXCEPTION 'Une vague est encore ouverte ou en instruction.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_call_step';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER calls_call_step AFTER INSERT OR UPDATE ON calls_call
    FOR EACH ROW EXECUTE FUNCTION calls_check_call_step();

CREATE FUNCTION calls_check_wave_step() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    found_call calls_call;
    before text := CASE TG_OP WHEN 'INSERT' THEN 'preparation' ELSE OLD.state END;
BEGIN
    IF NEW.state = before THEN
        RETURN NULL;
    END IF;
    found_call := calls_lock(NEW.call_id);
    IF TG_OP = 'INSERT' OR NOT found_call.run_in_registry OR NOT found_call.permanent THEN
        RAISE EXCEPTION 'Seules les vagues d’un appel permanent conduit dans le registre ont des étapes, et commencent en préparation.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_wave_step';
    END IF;
    PERFORM calls_check_following(before, NEW.state, false, 'calls_wave_step');
    IF NEW.state = 'ouvert' AND found_call.state <> 'ouvert' THEN
        RAISE EXCEPTION 'Une vague s’ouvre dans un appel ouvert.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_wave_step';
    END IF;
    PERFORM calls_check_ready(NEW.call_id, NEW.id, before, NEW.state, 'calls_wave_step');
    RETURN NULL;
END
$$;
CREATE TRIGGER calls_wave_step AFTER INSERT OR UPDATE OF state ON calls_wave
    FOR EACH ROW EXECUTE FUNCTION calls_check_wave_step();

-- An application of a call run in the registry is received, then decided, each in its time.
CREATE FUNCTION calls_check_time() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    found_call calls_call;
    step text;
BEGIN
    IF TG_OP = 'UPDATE' AND
        (NEW.call_id, NEW.wave_id, NEW.strand_id, NEW.pole_id, NEW.decision, NEW.decided_on,
         NEW.amount_eur, NEW.imported)
        IS NOT DISTINCT FROM
        (OLD.call_id, OLD.wave_id, OLD.strand_id, OLD.pole_id, OLD.decision, OLD.decided_on,
         OLD.amount_eur, OLD.imported)
    THEN
        RETURN NEW;
    END IF;
    IF NEW.imported AND NOT EXISTS (
        SELECT FROM calls_call WHERE id = NEW.call_id AND run_in_registry)
    THEN
        RETURN NEW;
    END IF;
    -- A step of a wave locks it, then its call.
    PERFORM FROM calls_wave WHERE id = NEW.wave_id FOR SHARE;
    found_call := calls_lock(NEW.call_id);
    IF NOT found_call.run_in_registry THEN
        RETURN NEW;
    END IF;
    -- Before the catalogue's row of the pole, as a change of its members does: each would wait for
    -- the other.
    PERFORM FROM poles_pole WHERE id = NEW.pole_id FOR SHARE;
    IF NEW.imported THEN
        RAISE EXCEPTION 'Dans un appel conduit dans le registre, aucune candidature n’est antérieure au registre.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_imported';
    END IF;
    IF found_call.permanent AND NEW.wave_id IS NULL THEN
        RAISE EXCEPTION 'Dans un appel permanent, une candidature est celle d’une vague.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_wave';
    END IF;
    step := calls_step(NEW.call_id, NEW.wave_id);
    IF (TG_OP = 'INSERT' OR (NEW.call_id, NEW.wave_id) IS DISTINCT FROM (OLD.call_id, OLD.wave_id))
        AND step NOT IN ('ouvert', 'instruction')
    THEN
        RAISE EXCEPTION 'Une candidature s’enregistre tant que l’appel, ou sa vague, est ouvert ou en instruction.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_time';
    END IF;
    IF NEW.decision <> 'retire' AND step NOT IN ('instruction', 'decide')
        AND (TG_OP = 'INSERT' AND NEW.decision <> 'inconnue'
            OR TG_OP = 'UPDATE' AND (NEW.decision, NEW.decided_on, NEW.amount_eur)
                IS DISTINCT FROM (OLD.decision, OLD.decided_on, OLD.amount_eur))
    THEN
        RAISE EXCEPTION 'Une décision se prend quand l’appel, ou sa vague, est en instruction.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_time';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_application_time BEFORE INSERT OR UPDATE ON calls_application
    FOR EACH ROW EXECUTE FUNCTION calls_check_time();
