DROP FUNCTION catalogue_distance_km(double precision, double precision, double precision, double precision);
DROP FUNCTION catalogue_query(text);
DROP FUNCTION catalogue_follow() CASCADE;
DROP FUNCTION catalogue_refresh(bigint[]);
