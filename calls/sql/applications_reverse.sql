DROP TRIGGER calls_check_application ON calls_application;
DROP FUNCTION calls_check_application();
