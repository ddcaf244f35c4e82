-- An old name has no list of corrected fields: its history says whether anything but a command
-- has ever written it.
UPDATE territories_formercommune f SET name = i.name, commune_id = t.id
FROM incoming_former i
JOIN territories_territory t ON t.kind = 'commune' AND t.code = i.commune
WHERE f.code = i.code AND f.kind = i.kind
    AND (f.name, f.commune_id) IS DISTINCT FROM (i.name, t.id)
    AND NOT EXISTS (
        SELECT FROM territories_formercommuneevent e
        LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
        WHERE e.pgh_obj_id = f.id AND NOT coalesce(jsonb_exists(c.metadata, 'command'), false))
RETURNING f.code, f.name;
