-- A decision is dated from the day on which it is written, or from before: the calendar cannot be a
-- constraint of the row, which would have to hold for ever.
CREATE FUNCTION poles_check_decision_dates() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
BEGIN
    IF NEW.recognition_on > today OR NEW.heard_on > today THEN
        RAISE EXCEPTION 'Une décision, comme l’audition du pôle, ne se date pas d’un jour à venir.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poles_pole_decision_to_come';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER poles_pole_decision_to_come
    BEFORE INSERT OR UPDATE OF recognition_on, heard_on ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION poles_check_decision_dates();
