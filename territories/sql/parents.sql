CREATE FUNCTION territories_check_parents() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows child
        LEFT JOIN territories_territory region ON region.id = child.region_id
        LEFT JOIN territories_territory departement ON departement.id = child.departement_id
        LEFT JOIN territories_territory epci ON epci.id = child.epci_id
        WHERE region.kind <> 'region' OR departement.kind <> 'departement' OR epci.kind <> 'epci'
           OR departement.region_id <> child.region_id
    ) THEN
        RAISE EXCEPTION 'Le territoire de rattachement n’a pas la nature attendue, ou le département n’est pas de la région.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'territories_territory_parent_kinds';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER territories_check_parents_insert AFTER INSERT ON territories_territory
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION territories_check_parents();
CREATE TRIGGER territories_check_parents_update AFTER UPDATE ON territories_territory
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION territories_check_parents();
