DROP FUNCTION poles_protect_decision() CASCADE;
DROP FUNCTION poles_keep_decision() CASCADE;
DROP FUNCTION poles_composition_evidence(bigint, date);
DROP FUNCTION poles_check_recognition_step() CASCADE;
