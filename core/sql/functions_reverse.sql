DROP FUNCTION core_check_version();
DROP FUNCTION core_move_data_version();
DROP TEXT SEARCH CONFIGURATION french_unaccent;
DROP FUNCTION core_normalise(text);
DROP FUNCTION core_unaccent(text);
