DROP TRIGGER calls_application_evaluated ON calls_application;
DROP FUNCTION calls_evaluated_changed();
DROP TRIGGER calls_evaluation_changed ON calls_evaluation;
DROP FUNCTION calls_evaluation_changed();
DROP FUNCTION calls_check_evaluation(calls_evaluation, calls_application);
DROP FUNCTION calls_party(text, calls_application, date);
