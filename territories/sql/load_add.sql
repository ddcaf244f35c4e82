INSERT INTO territories_territory (
    kind, code, name, slug, zone, epci_type, postal_codes, population,
    latitude, longitude, approximate, region_id, departement_id, epci_id, corrected)
SELECT
    i.kind, i.code, i.name, i.slug, i.zone, i.epci_type, i.postal_codes, i.population,
    i.latitude, i.longitude, i.approximate, region.id, departement.id, epci.id, '{}'
FROM incoming_territory i
LEFT JOIN territories_territory region ON region.kind = 'region' AND region.code = i.region
LEFT JOIN territories_territory departement
    ON departement.kind = 'departement' AND departement.code = i.departement
LEFT JOIN territories_territory epci ON epci.kind = 'epci' AND epci.code = i.epci
WHERE i.kind = %(kind)s AND NOT EXISTS (
    SELECT FROM territories_territory t WHERE t.kind = i.kind AND t.code = i.code)
ORDER BY i.code
RETURNING code, name;
