DROP TRIGGER networks_check_managers ON networks_networkstaff;
CREATE OR REPLACE FUNCTION networks_check_managers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Two managers who step down at once would each count on the other.
    PERFORM FROM networks_network WHERE id = OLD.network_id FOR NO KEY UPDATE;
    IF OLD.role = 'responsable'
        AND EXISTS (SELECT FROM networks_networkstaff WHERE network_id = OLD.network_id)
        AND NOT EXISTS (
            SELECT FROM networks_networkstaff
            WHERE network_id = OLD.network_id AND role = 'responsable'
        )
    THEN
        RAISE EXCEPTION 'Un réseau garde un responsable : nommez d’abord quelqu’un d’autre.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'networks_networkstaff_manager';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER networks_check_managers AFTER UPDATE OR DELETE
    ON networks_networkstaff DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION networks_check_managers();
