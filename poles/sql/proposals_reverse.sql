DROP FUNCTION poles_are_changes(jsonb);
