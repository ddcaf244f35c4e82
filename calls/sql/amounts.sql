-- What no decision and no payment may do, whatever the path: refused at the commit, once the call's
-- row (amounts) or the application's (payments) is locked. History from before the registry is
-- exempt, and says so.

CREATE FUNCTION calls_euros(amount numeric) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN replace(replace(to_char(amount, CASE WHEN amount = trunc(amount)
    THEN 'FM999,999,999,990' ELSE 'FM999,999,999,990.00' END), ',', ' '), '.', ',') || ' €';

-- The envelope of the call and those given to its waves and strands: each holds.
CREATE FUNCTION calls_check_amounts(wanted bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    found_call calls_call;
    over record;
BEGIN
    SELECT * INTO found_call FROM calls_call WHERE id = wanted;
    SELECT part.name, part.envelope, sum(a.amount_eur) AS engaged INTO over
    FROM (
        SELECT 1 AS level, id, NULL::bigint AS wave, NULL::bigint AS strand,
            name, envelope_eur AS envelope FROM calls_call WHERE id = wanted
        UNION ALL SELECT 2, id, id, NULL, name, envelope_eur FROM calls_wave WHERE call_id = wanted
        UNION ALL SELECT 3, id, NULL, id, name, envelope_eur FROM calls_strand WHERE call_id = wanted
    ) part JOIN calls_application a ON a.call_id = wanted
        AND (part.wave IS NULL OR a.wave_id = part.wave)
        AND (part.strand IS NULL OR a.strand_id = part.strand)
    WHERE part.envelope IS NOT NULL
    GROUP BY part.level, part.id, part.name, part.envelope
    HAVING sum(a.amount_eur) > part.envelope
        AND bool_or(NOT a.imported AND a.amount_eur > 0)
    ORDER BY part.level, part.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'L’enveloppe de « % » est de % : les montants engagés feraient %, soit % de trop.',
            over.name, calls_euros(over.envelope), calls_euros(over.engaged),
            calls_euros(over.engaged - over.envelope)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_envelope';
    END IF;
    IF NOT found_call.run_in_registry THEN
        RETURN;
    END IF;
    IF EXISTS (
        SELECT FROM calls_application a LEFT JOIN calls_wave w ON w.id = a.wave_id
            LEFT JOIN calls_strand s ON s.id = a.strand_id
        WHERE a.call_id = wanted AND a.amount_eur > 0
            AND coalesce(found_call.envelope_eur, w.envelope_eur, s.envelope_eur) IS NULL)
    THEN
        RAISE EXCEPTION 'L’appel n’a pas d’enveloppe : aucun montant ne peut être engagé.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_envelope';
    END IF;
    SELECT p.name, a.amount_eur AS amount INTO over
    FROM calls_application a JOIN poles_pole p ON p.id = a.pole_id
    WHERE a.call_id = wanted AND (a.amount_eur IS NOT NULL OR a.decision = 'laureat')
        AND (coalesce(a.amount_eur, 0) < found_call.award_min_eur
            OR a.amount_eur > found_call.award_max_eur)
    ORDER BY a.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Le montant de « % » (%) sort des bornes de l’appel : %.',
            over.name, coalesce(calls_euros(over.amount), 'aucun'),
            concat_ws(', ', 'au moins ' || calls_euros(found_call.award_min_eur),
                'au plus ' || calls_euros(found_call.award_max_eur))
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_bounds';
    END IF;
END
$$;

CREATE FUNCTION calls_check_laureate(app calls_application, found_call calls_call) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    pole poles_pole;
    found_verdict text;
    told text;
BEGIN
    -- Whoever changes the composition waits, and is waited for.
    SELECT * INTO pole FROM poles_pole WHERE id = app.pole_id FOR SHARE;
    found_verdict := poles_verdict(found_call.composition_rule, app.pole_id,
        coalesce(app.decided_on, (now() AT TIME ZONE 'Europe/Paris')::date));
    told := CASE
        WHEN found_verdict = 'non-satisfaite'
            THEN 'sa composition ne satisfait pas la règle de l’appel.'
        WHEN found_verdict = 'indeterminee' AND app.attested_on IS NULL
            THEN 'rien n’établit que sa composition satisfait la règle de l’appel ; un agent peut l’attester, avec la date et les motifs.' END;
    IF told IS NOT NULL THEN
        RAISE EXCEPTION 'Le pôle « % » ne peut être lauréat : %', pole.name, told
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_composition';
    END IF;
END
$$;

CREATE FUNCTION calls_check_decision() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
    found_call calls_call;
    told text;
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
BEGIN
    -- Only the row as it will be committed counts.
    SELECT * INTO app FROM calls_application WHERE id = NEW.id;
    IF app.id IS NULL OR app.imported OR app.decision IN ('inconnue', 'retire') THEN
        RETURN NULL;
    END IF;
    found_call := calls_lock(app.call_id);
    PERFORM calls_check_amounts(app.call_id);
    IF found_call.run_in_registry THEN
        told := CASE
            WHEN app.decided_on IS NULL OR app.decided_on > today
                THEN 'Une décision a sa date, qui n’est pas à venir.'
            WHEN app.decision IN ('laureat', 'accompagne') AND app.admissible IS NOT TRUE
                THEN 'Un lauréat ou un accompagné a d’abord été dit recevable.'
            WHEN app.decision = 'laureat' AND app.eligible IS NOT TRUE
                THEN 'Un lauréat a d’abord été dit éligible.' END;
        IF told IS NOT NULL THEN
            RAISE EXCEPTION '%', told
                USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_examined';
        END IF;
        PERFORM calls_check_opinions(app, found_call);
    END IF;
    IF app.decision = 'laureat' THEN
        PERFORM calls_check_laureate(app, found_call);
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER calls_application_decision_new AFTER INSERT ON calls_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NOT NEW.imported AND NEW.decision NOT IN ('inconnue', 'retire'))
    EXECUTE FUNCTION calls_check_decision();
CREATE CONSTRAINT TRIGGER calls_application_decision AFTER UPDATE ON calls_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NOT NEW.imported AND NEW.decision NOT IN ('inconnue', 'retire') AND
        (NEW.call_id, NEW.wave_id, NEW.strand_id, NEW.pole_id, NEW.decision, NEW.decided_on,
         NEW.amount_eur, NEW.imported, NEW.admissible, NEW.eligible, NEW.attested_on)
        IS DISTINCT FROM
        (OLD.call_id, OLD.wave_id, OLD.strand_id, OLD.pole_id, OLD.decision, OLD.decided_on,
         OLD.amount_eur, OLD.imported, OLD.admissible, OLD.eligible, OLD.attested_on))
    EXECUTE FUNCTION calls_check_decision();

-- An envelope that shrinks, or bounds that move, meet what is engaged already.
CREATE FUNCTION calls_check_call_amounts() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    PERFORM calls_lock(wanted);
    PERFORM calls_check_amounts(wanted);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER calls_call_engaged AFTER UPDATE ON calls_call
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((NEW.envelope_eur, NEW.award_min_eur, NEW.award_max_eur)
        IS DISTINCT FROM (OLD.envelope_eur, OLD.award_min_eur, OLD.award_max_eur))
    EXECUTE FUNCTION calls_check_call_amounts('id');
CREATE CONSTRAINT TRIGGER calls_wave_engaged AFTER UPDATE ON calls_wave
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.envelope_eur IS DISTINCT FROM OLD.envelope_eur)
    EXECUTE FUNCTION calls_check_call_amounts('call_id');
CREATE CONSTRAINT TRIGGER calls_strand_engaged AFTER UPDATE ON calls_strand
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.envelope_eur IS DISTINCT FROM OLD.envelope_eur)
    EXECUTE FUNCTION calls_check_call_amounts('call_id');

-- Paid and planned, what is suspended apart, never pass the award.
CREATE FUNCTION calls_check_award() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
    promised numeric;
BEGIN
    PERFORM calls_check_isolation();
    SELECT * INTO app FROM calls_application
    WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint FOR NO KEY UPDATE;
    IF app.id IS NULL OR app.imported THEN
        RETURN NULL;
    END IF;
    SELECT sum(amount_eur) INTO promised FROM calls_instalment
    WHERE application_id = app.id AND state <> 'suspendu';
    IF promised > coalesce(app.amount_eur, 0) THEN
        RAISE EXCEPTION 'Les versements faits et prévus (%) passent le montant engagé : %.',
            calls_euros(promised), coalesce(calls_euros(app.amount_eur), 'aucun')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_instalment_award';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER calls_instalment_award AFTER INSERT OR UPDATE ON calls_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION calls_check_award('application_id');
CREATE CONSTRAINT TRIGGER calls_application_award AFTER UPDATE ON calls_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((NEW.amount_eur, NEW.imported) IS DISTINCT FROM (OLD.amount_eur, OLD.imported))
    EXECUTE FUNCTION calls_check_award('id');
