CREATE FUNCTION networks_check_region() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM territories_territory WHERE id = NEW.region_id AND kind = 'region'
    ) THEN
        RAISE EXCEPTION 'Un réseau se rattache à des régions seulement.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'networks_networkregion_kind';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER networks_check_region BEFORE INSERT OR UPDATE ON networks_networkregion
    FOR EACH ROW EXECUTE FUNCTION networks_check_region();
