-- unaccent() is only STABLE, since its dictionary may be replaced; with the dictionary named, as
-- here, it can serve indexes and generated columns.
CREATE FUNCTION core_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN public.unaccent('public.unaccent'::regdictionary, $1);

CREATE FUNCTION core_normalise(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(
    trim(regexp_replace(lower(core_unaccent($1)), '[^a-z0-9]+', ' ', 'g')),
    '\mst(e?)\M', 'saint\1', 'g'
);

CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;

-- Moves the version of the published data, once a transaction however many rows changed.
CREATE FUNCTION core_move_data_version() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    here text := pg_current_xact_id()::text;
BEGIN
    IF current_setting('core.moved_by', true) IS DISTINCT FROM here THEN
        UPDATE core_dataversion
        SET number = number + 1, moved_at = now(), moved_by_transaction = here::bigint
        WHERE id = 1 AND moved_by_transaction <> here::bigint;
        PERFORM set_config('core.moved_by', here, true);
    END IF;
    RETURN NULL;
END
$$;

-- A save sends the version that it read: older than the row's, it is refused. One more than the
-- row's is how another trigger says that something which belongs to the row has changed. The
-- arguments name the columns that the database derives: they are not known yet before an update.
CREATE FUNCTION core_check_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version = OLD.version + 1 THEN
        RETURN NEW;
    ELSIF NEW.version <> OLD.version THEN
        RAISE EXCEPTION 'Cette fiche a été modifiée entre-temps : vous aviez lu la version %, la base en est à la version %.',
            NEW.version, OLD.version
            USING ERRCODE = 'serialization_failure', CONSTRAINT = TG_TABLE_NAME || '_version';
    ELSIF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END
$$;
