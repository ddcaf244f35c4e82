DROP TRIGGER calls_letter_kept ON calls_letter;
DROP FUNCTION calls_protect_letter();
DROP TRIGGER calls_letter_stage ON calls_letter;
DROP FUNCTION calls_check_letter();
