DROP FUNCTION catalogue_forgiving_query(text);
DROP FUNCTION catalogue_learn_words() CASCADE;
