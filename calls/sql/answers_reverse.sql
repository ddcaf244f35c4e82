DROP TRIGGER calls_parliamentaryanswer_kept ON calls_parliamentaryanswer;
DROP FUNCTION calls_protect_answer();
DROP TRIGGER calls_parliamentaryanswer_check ON calls_parliamentaryanswer;
DROP FUNCTION calls_check_answer();
