DROP TRIGGER networks_check_administrators ON networks_user;
DROP FUNCTION networks_check_administrators();
