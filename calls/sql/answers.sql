-- Answers given with figures: of a day that has come, of places that are what they are said to be,
-- one edition after the other, and kept as they were given.

CREATE FUNCTION calls_check_answer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.day > (now() AT TIME ZONE 'Europe/Paris')::date THEN
        RAISE EXCEPTION 'Un jour à venir n’a pas encore de chiffres.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_parliamentaryanswer_to_come';
    END IF;
    IF NEW.region_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM territories_territory WHERE id = NEW.region_id AND kind = 'region')
        OR NEW.departement_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM territories_territory
            WHERE id = NEW.departement_id AND kind = 'departement' AND region_id = NEW.region_id)
    THEN
        RAISE EXCEPTION 'Le département est l’un de ceux de la région.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_parliamentaryanswer_place';
    END IF;
    -- The first may be asked for by two at once: the second then meets that of the first.
    IF NEW.edition > 1 AND NOT EXISTS (
        SELECT FROM calls_parliamentaryanswer a
        WHERE a.day = NEW.day AND a.edition = NEW.edition - 1
            AND (a.region_id, a.departement_id, a.call_id, a.theme_id)
                IS NOT DISTINCT FROM (NEW.region_id, NEW.departement_id, NEW.call_id, NEW.theme_id))
    THEN
        RAISE EXCEPTION 'Une édition suit la précédente.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_parliamentaryanswer_edition';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_parliamentaryanswer_check BEFORE INSERT ON calls_parliamentaryanswer
    FOR EACH ROW EXECUTE FUNCTION calls_check_answer();

-- Only the account of who asked can be erased.
CREATE FUNCTION calls_protect_answer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.asked_by_id IS NULL
        AND to_jsonb(NEW) - 'asked_by_id' = to_jsonb(OLD) - 'asked_by_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Une réponse donnée est gardée telle quelle : faites-en une nouvelle édition.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'calls_parliamentaryanswer_kept';
END
$$;
CREATE TRIGGER calls_parliamentaryanswer_kept BEFORE UPDATE OR DELETE ON calls_parliamentaryanswer
    FOR EACH ROW EXECUTE FUNCTION calls_protect_answer();
