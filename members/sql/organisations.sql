CREATE TRIGGER members_organisation_check_version BEFORE UPDATE ON members_organisation
    FOR EACH ROW EXECUTE FUNCTION core_check_version('normalised_name');

-- Today's address wins over an old one, whoever had it.
CREATE FUNCTION members_keep_former_slug() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM members_organisationformerslug WHERE slug = NEW.slug;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO members_organisationformerslug (slug, organisation_id) VALUES (OLD.slug, NEW.id)
        ON CONFLICT (slug) DO UPDATE SET organisation_id = EXCLUDED.organisation_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER members_organisation_new_slug AFTER INSERT ON members_organisation
    FOR EACH ROW EXECUTE FUNCTION members_keep_former_slug();
CREATE TRIGGER members_organisation_changed_slug AFTER UPDATE OF slug ON members_organisation
    FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
    EXECUTE FUNCTION members_keep_former_slug();
