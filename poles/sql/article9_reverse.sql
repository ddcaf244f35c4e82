DROP FUNCTION poles_check_truncated() CASCADE;
DROP FUNCTION poles_check_recognised() CASCADE;
DROP FUNCTION poles_follow_organisation() CASCADE;
DROP FUNCTION poles_lock_organisation() CASCADE;
DROP FUNCTION poles_keep_verdict() CASCADE;
DROP FUNCTION poles_verdict(text, bigint, date);
DROP FUNCTION poles_verdicts(text, bigint[], date);
DROP TRIGGER poles_pole_check_version ON poles_pole;
CREATE TRIGGER poles_pole_check_version BEFORE UPDATE ON poles_pole
    FOR EACH ROW EXECUTE FUNCTION core_check_version('normalised_name', 'public_id');
