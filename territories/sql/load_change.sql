-- What a person corrected stays; what the source does not know does not erase what is known; and
-- a position derived from the neighbours never replaces a place's own.
WITH wanted AS (
    SELECT
        t.id,
        CASE WHEN 'name' = ANY (t.corrected) THEN t.name ELSE i.name END AS name,
        CASE WHEN t.corrected && '{name,slug}' THEN t.slug ELSE i.slug END AS slug,
        CASE WHEN 'zone' = ANY (t.corrected) THEN t.zone ELSE i.zone END AS zone,
        CASE WHEN 'epci_type' = ANY (t.corrected) THEN t.epci_type ELSE i.epci_type END
            AS epci_type,
        CASE WHEN 'postal_codes' = ANY (t.corrected) OR i.postal_codes = '{}' THEN t.postal_codes
            ELSE i.postal_codes END AS postal_codes,
        CASE WHEN 'population' = ANY (t.corrected) OR i.population IS NULL THEN t.population
            ELSE i.population END AS population,
        CASE WHEN own.position THEN t.latitude ELSE i.latitude END AS latitude,
        CASE WHEN own.position THEN t.longitude ELSE i.longitude END AS longitude,
        CASE WHEN own.position THEN t.approximate ELSE i.approximate END AS approximate,
        CASE WHEN 'region' = ANY (t.corrected) THEN t.region_id ELSE region.id END AS region_id,
        CASE WHEN 'departement' = ANY (t.corrected) THEN t.departement_id ELSE departement.id END
            AS departement_id,
        CASE WHEN 'epci' = ANY (t.corrected) THEN t.epci_id ELSE epci.id END AS epci_id,
        CASE WHEN 'gone_on' = ANY (t.corrected) THEN t.gone_on END AS gone_on
    FROM territories_territory t
    JOIN incoming_territory i ON i.kind = t.kind AND i.code = t.code
    LEFT JOIN territories_territory region ON region.kind = 'region' AND region.code = i.region
    LEFT JOIN territories_territory departement
        ON departement.kind = 'departement' AND departement.code = i.departement
    LEFT JOIN territories_territory epci ON epci.kind = 'epci' AND epci.code = i.epci
    CROSS JOIN LATERAL (
        SELECT t.corrected && '{latitude,longitude,approximate}'
            OR i.latitude IS NULL
            OR (i.approximate AND t.latitude IS NOT NULL AND NOT t.approximate) AS position
    ) own
    WHERE t.kind = %(kind)s
)
UPDATE territories_territory t SET
    name = w.name, slug = w.slug, zone = w.zone, epci_type = w.epci_type,
    postal_codes = w.postal_codes, population = w.population, latitude = w.latitude,
    longitude = w.longitude, approximate = w.approximate, region_id = w.region_id,
    departement_id = w.departement_id, epci_id = w.epci_id, gone_on = w.gone_on
FROM wanted w
WHERE w.id = t.id AND (
    t.name, t.slug, t.zone, t.epci_type, t.postal_codes, t.population, t.latitude, t.longitude,
    t.approximate, t.region_id, t.departement_id, t.epci_id, t.gone_on
) IS DISTINCT FROM (
    w.name, w.slug, w.zone, w.epci_type, w.postal_codes, w.population, w.latitude, w.longitude,
    w.approximate, w.region_id, w.departement_id, w.epci_id, w.gone_on
)
RETURNING t.code, t.name;
