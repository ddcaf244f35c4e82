DROP FUNCTION poles_protect_record_step() CASCADE;
DROP FUNCTION poles_keep_record_step() CASCADE;
DROP FUNCTION poles_check_record_step() CASCADE;
DROP FUNCTION poles_manages(bigint, bigint);
DROP FUNCTION poles_is_officer(bigint);
DROP FUNCTION poles_acting_account() CASCADE;
