DROP FUNCTION poles_check_decision_dates() CASCADE;
