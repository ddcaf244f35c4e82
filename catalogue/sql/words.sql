-- Every word that a pole is or was found by, once: what a mistyped word is compared with, so that a
-- typing error costs a look at some thousands of words and not at every pole. A word that no pole
-- holds any more finds nothing and does no harm; refreshing everything forgets it.
CREATE FUNCTION catalogue_learn_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word (word)
    SELECT DISTINCT learnt.word
    FROM changed_rows, unnest(string_to_array(changed_rows.words, ' ')) AS learnt (word)
    WHERE length(learnt.word) > 2
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER catalogue_poletext_inserted AFTER INSERT ON catalogue_poletext
    REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_learn_words();
CREATE TRIGGER catalogue_poletext_updated AFTER UPDATE ON catalogue_poletext
    REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_learn_words();

INSERT INTO catalogue_word (word)
SELECT DISTINCT learnt.word
FROM catalogue_poletext, unnest(string_to_array(words, ' ')) AS learnt (word)
WHERE length(learnt.word) > 2;

-- As catalogue_query(), where each word may also be one of the three known words nearest to it.
CREATE FUNCTION catalogue_forgiving_query(typed text) RETURNS tsquery
LANGUAGE plpgsql STABLE AS $$
DECLARE
    each text;
    near text;
    either tsquery;
    found tsquery := ''::tsquery;
BEGIN
    FOREACH each IN ARRAY string_to_array(core_normalise(typed), ' ') LOOP
        -- A word that French passes over, or too short to be mistaken for another.
        CONTINUE WHEN length(each) < 3 OR numnode(to_tsquery('french_unaccent', each)) = 0;
        either := catalogue_query(each);
        FOR near IN
            SELECT word FROM catalogue_word
            WHERE word % each AND similarity(word, each) >= 0.4
            ORDER BY similarity(word, each) DESC, word
            LIMIT 3
        LOOP
            either := either || to_tsquery('simple', near) || to_tsquery('french_unaccent', near);
        END LOOP;
        found := found && either;
    END LOOP;
    RETURN found;
END
$$;
