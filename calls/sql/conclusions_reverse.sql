DROP TRIGGER calls_examination_concluded ON calls_examination;
DROP TRIGGER calls_application_concluded ON calls_application;
DROP TRIGGER calls_application_concluded_new ON calls_application;
DROP FUNCTION calls_check_concluded();
DROP TRIGGER calls_examination_officer ON calls_examination;
DROP FUNCTION calls_check_examiner();
