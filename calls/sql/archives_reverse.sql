DROP TRIGGER calls_letter_officer ON calls_letter;
DROP FUNCTION calls_check_sender();
DROP TRIGGER calls_instalment_moved ON calls_instalment;
DROP TRIGGER calls_instalment_deleted ON calls_instalment;
DROP FUNCTION calls_check_instalment_goes();
DROP TRIGGER calls_application_deleted ON calls_application;
DROP FUNCTION calls_check_application_goes();
