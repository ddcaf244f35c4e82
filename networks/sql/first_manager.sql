-- A network that has staff has a manager, from its first person on: alone in it, one is its manager.
-- Asked at the commit, so that one may take over from another, and people may come in any order.
CREATE OR REPLACE FUNCTION networks_check_managers() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    network bigint;
    left_by_manager bigint;
    come_as_editor bigint;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.role = 'responsable' THEN
        left_by_manager := OLD.network_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.role <> 'responsable' THEN
        come_as_editor := NEW.network_id;
    END IF;
    FOR network IN
        SELECT DISTINCT id FROM unnest(ARRAY[left_by_manager, come_as_editor]) AS of (id)
        WHERE id IS NOT NULL ORDER BY id
    LOOP
        -- Two managers who step down at once would each count on the other.
        PERFORM FROM networks_network WHERE id = network FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM networks_networkstaff WHERE network_id = network)
            AND NOT EXISTS (
                SELECT FROM networks_networkstaff
                WHERE network_id = network AND role = 'responsable'
            )
        THEN
            RAISE EXCEPTION '%', CASE
                WHEN network = left_by_manager
                    THEN 'Un réseau garde un responsable : nommez d’abord quelqu’un d’autre.'
                ELSE 'Un réseau a un responsable : sa première personne l’est.'
            END USING ERRCODE = 'check_violation', CONSTRAINT = 'networks_networkstaff_manager';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

DROP TRIGGER networks_check_managers ON networks_networkstaff;
CREATE CONSTRAINT TRIGGER networks_check_managers AFTER INSERT OR UPDATE OR DELETE
    ON networks_networkstaff DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION networks_check_managers();
