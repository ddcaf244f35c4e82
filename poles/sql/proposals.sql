-- Whether a JSON value is an object whose every key has a value before and a value after.
CREATE FUNCTION poles_are_changes(changes jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN jsonb_typeof(changes) = 'object'
    AND NOT jsonb_path_exists(changes, '$.* ? (@.type() != "object" || !exists(@.before) || !exists(@.after))');
