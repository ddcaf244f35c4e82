-- Opinions of the networks that a call names: who may give one, when, and which are missing.

CREATE FUNCTION calls_regions(pole bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT CASE t.kind WHEN 'region' THEN t.id ELSE t.region_id END
    FROM poles_pole p
    JOIN territories_territory t ON t.id = p.seat_id
        OR p.seat_id IS NULL AND t.id IN (
            SELECT territory_id FROM poles_polecoverage c WHERE c.pole_id = p.id)
    WHERE p.id = pole AND (t.kind = 'region' OR t.region_id IS NOT NULL)
$$;

-- Why a network has an interest in a pole; NULL if it has none. Who keeps the record of a pole
-- (its reference network) does not accompany it for that.
CREATE FUNCTION calls_interest(network bigint, pole bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM members_organisation o
            JOIN networks_network n ON n.id = network
            LEFT JOIN calls_networkperson p ON p.network_id = n.id
            WHERE (o.id = p.organisation_id OR o.normalised_name = core_normalise(n.name))
                AND (EXISTS (SELECT FROM poles_pole WHERE id = pole AND legal_person_id = o.id)
                    OR EXISTS (
                        SELECT FROM poles_membership m
                        WHERE m.pole_id = pole AND m.organisation_id = o.id
                            AND m.role <> 'partenaire'
                            AND (m.ends_on IS NULL
                                OR m.ends_on >= (now() AT TIME ZONE 'Europe/Paris')::date))))
        THEN 'son organisation est porteuse ou membre de ce pôle'
        WHEN EXISTS (
            SELECT FROM poles_polenetwork l WHERE l.network_id = network AND l.pole_id = pole)
        THEN 'il accompagne ce pôle' END
$$;

-- The interest of whoever gives an opinion: that of the network, and of every other of theirs.
CREATE FUNCTION calls_conflict(account bigint, network bigint, pole bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format('%s : %s.', n.name, calls_interest(n.id, pole))
    FROM networks_network n
    WHERE (n.id = network OR n.id IN (
            SELECT s.network_id FROM networks_networkstaff s WHERE s.user_id = account))
        AND calls_interest(n.id, pole) IS NOT NULL
    ORDER BY n.id <> network, n.id LIMIT 1
$$;

CREATE FUNCTION calls_is_named(call bigint, network bigint, pole bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM calls_callnetwork c
        WHERE c.call_id = call AND c.network_id = network
            AND c.region_id IN (SELECT calls_regions(pole)))
$$;

CREATE FUNCTION calls_check_opinion() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    app calls_application;
    conflict text;
    row calls_regionalopinion := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    -- Only the account of its author was erased.
    IF TG_OP = 'UPDATE' AND NEW.author_id IS NULL
        AND to_jsonb(NEW) - 'author_id' = to_jsonb(OLD) - 'author_id'
    THEN
        RETURN NEW;
    END IF;
    -- A decision waits for the opinion that is being written, and the reverse.
    SELECT * INTO app FROM calls_application WHERE id = row.application_id FOR SHARE;
    IF app.decision <> 'inconnue'
        OR calls_step(app.call_id, app.wave_id) NOT IN ('ouvert', 'instruction')
    THEN
        RAISE EXCEPTION 'Un avis se donne, se change et se retire avant la décision.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_regionalopinion_time';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NOT calls_is_named(app.call_id, NEW.network_id, app.pole_id) THEN
        RAISE EXCEPTION 'Ce réseau n’est pas nommé, pour cet appel, dans la région du pôle.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_regionalopinion_named';
    END IF;
    IF NOT coalesce(poles_is_officer(NEW.author_id), false) AND NOT EXISTS (
        SELECT FROM networks_networkstaff s JOIN networks_user u ON u.id = s.user_id
        WHERE s.user_id = NEW.author_id AND s.network_id = NEW.network_id AND u.is_active)
    THEN
        RAISE EXCEPTION 'Un avis est donné par le personnel du réseau nommé, ou enregistré par le ministère.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_regionalopinion_author';
    END IF;
    conflict := calls_conflict(NEW.author_id, NEW.network_id, app.pole_id);
    IF conflict IS NOT NULL THEN
        RAISE EXCEPTION 'Conflit d’intérêts : pas d’avis sur ce pôle. %', conflict
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_regionalopinion_conflict';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_regionalopinion_check BEFORE INSERT OR UPDATE OR DELETE ON calls_regionalopinion
    FOR EACH ROW EXECUTE FUNCTION calls_check_opinion();

-- Each network that is named where the pole is, and has no interest in it, gives its opinion; of
-- one that was given before its interest was known, nothing counts. At least one is needed.
CREATE FUNCTION calls_missing_opinions(call bigint, app bigint, pole bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN count(*) = 0 THEN 'aucun réseau sans intérêt dans ce pôle n’est nommé dans sa région'
        ELSE string_agg(n.name, ', ' ORDER BY n.name) FILTER (WHERE NOT EXISTS (
            SELECT FROM calls_regionalopinion o
            WHERE o.application_id = app AND o.network_id = n.id)) END
    FROM networks_network n
    WHERE calls_is_named(call, n.id, pole) AND calls_interest(n.id, pole) IS NULL
$$;

CREATE FUNCTION calls_check_opinions(app calls_application, found_call calls_call) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    missing text;
BEGIN
    -- What is not admissible, or not eligible, is refused without asking anyone.
    IF NOT found_call.opinion_required
        OR app.decision = 'refuse' AND (app.admissible IS FALSE OR app.eligible IS FALSE)
    THEN
        RETURN;
    END IF;
    missing := calls_missing_opinions(app.call_id, app.id, app.pole_id);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'L’avis régional manque pour « % » : %.',
            (SELECT name FROM poles_pole WHERE id = app.pole_id), missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_application_opinion';
    END IF;
END
$$;

-- What an officer concluded is kept as it was; only the name of the officer can be erased.
CREATE FUNCTION calls_protect_examination() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.officer_id IS NULL
        AND to_jsonb(NEW) - 'officer_id' = to_jsonb(OLD) - 'officer_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Un examen est gardé tel qu’il a été conclu.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_examination_kept';
END
$$;
CREATE TRIGGER calls_examination_kept BEFORE UPDATE OR DELETE ON calls_examination
    FOR EACH ROW EXECUTE FUNCTION calls_protect_examination();
