UPDATE territories_territory t SET gone_on = %(today)s
WHERE t.kind = %(kind)s AND t.gone_on IS NULL AND NOT 'gone_on' = ANY (t.corrected)
    AND NOT EXISTS (
        SELECT FROM incoming_territory i WHERE i.kind = t.kind AND i.code = t.code)
RETURNING t.code, t.name;
