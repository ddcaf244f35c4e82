DROP TRIGGER networks_check_region ON networks_networkregion;
DROP FUNCTION networks_check_region();
