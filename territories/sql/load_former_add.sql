INSERT INTO territories_formercommune (code, name, kind, commune_id)
SELECT i.code, i.name, i.kind, t.id
FROM incoming_former i
JOIN territories_territory t ON t.kind = 'commune' AND t.code = i.commune
WHERE NOT EXISTS (
    SELECT FROM territories_formercommune f WHERE f.code = i.code AND f.kind = i.kind)
ORDER BY i.code
RETURNING code, name;
