DROP TRIGGER poles_pole_own_person ON poles_pole;
DROP TRIGGER poles_membership_own_person ON poles_membership;
DROP FUNCTION poles_check_own_person();
DROP TRIGGER poles_pole_changed_slug ON poles_pole;
DROP TRIGGER poles_pole_new_slug ON poles_pole;
DROP FUNCTION poles_keep_former_slug();
DROP FUNCTION poles_move_version() CASCADE;
DROP TRIGGER poles_pole_check_version ON poles_pole;
