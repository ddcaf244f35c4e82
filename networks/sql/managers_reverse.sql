DROP TRIGGER networks_check_managers ON networks_networkstaff;
DROP FUNCTION networks_check_managers();
