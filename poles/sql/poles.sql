CREATE TRIGGER poles_pole_check_version BEFORE UPDATE ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION core_check_version('normalised_name', 'public_id');

-- A change of what belongs to a pole is a change of the pole.
CREATE FUNCTION poles_move_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE poles_pole SET version = version + 1 WHERE id IN (
            SELECT pole_id FROM old_rows UNION SELECT pole_id FROM new_rows);
    ELSE
        UPDATE poles_pole SET version = version + 1
        WHERE id IN (SELECT pole_id FROM changed_rows);
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['poles_membership', 'poles_poletheme', 'poles_polecoverage'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_inserted AFTER INSERT ON %1$s REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION poles_move_version()', owned);
        EXECUTE format('CREATE TRIGGER %1$s_updated AFTER UPDATE ON %1$s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION poles_move_version()', owned);
        EXECUTE format('CREATE TRIGGER %1$s_deleted AFTER DELETE ON %1$s REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION poles_move_version()', owned);
    END LOOP;
END
$$;

-- Today's address wins over an old one, whoever had it.
CREATE FUNCTION poles_keep_former_slug() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM poles_poleformerslug WHERE slug = NEW.slug;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO poles_poleformerslug (slug, pole_id) VALUES (OLD.slug, NEW.id)
        ON CONFLICT (slug) DO UPDATE SET pole_id = EXCLUDED.pole_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER poles_pole_new_slug AFTER INSERT ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION poles_keep_former_slug();
CREATE TRIGGER poles_pole_changed_slug AFTER UPDATE OF slug ON poles_pole
    FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
    EXECUTE FUNCTION poles_keep_former_slug();

-- A pole that is a legal person of its own is never a member of itself. Both sides lock the pole,
-- so that neither can miss what the other is writing.
CREATE FUNCTION poles_check_own_person() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wrong boolean;
BEGIN
    IF TG_TABLE_NAME = 'poles_membership' THEN
        PERFORM FROM poles_pole WHERE id = NEW.pole_id FOR NO KEY UPDATE;
        wrong := EXISTS (
            SELECT FROM poles_pole
            WHERE id = NEW.pole_id AND legal_person_id = NEW.organisation_id
        );
    ELSE
        wrong := EXISTS (
            SELECT FROM poles_membership
            WHERE pole_id = NEW.id AND organisation_id = NEW.legal_person_id
        );
    END IF;
    IF wrong THEN
        RAISE EXCEPTION 'Un pôle qui est lui-même une personne morale n’est jamais son propre membre.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_membership_not_own_person';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER poles_membership_own_person
    AFTER INSERT OR UPDATE OF pole_id, organisation_id ON poles_membership
    FOR EACH ROW EXECUTE FUNCTION poles_check_own_person();
CREATE TRIGGER poles_pole_own_person AFTER INSERT OR UPDATE OF legal_person_id ON poles_pole
    FOR EACH ROW WHEN (NEW.legal_person_id IS NOT NULL)
    EXECUTE FUNCTION poles_check_own_person();
