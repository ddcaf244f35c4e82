DROP TABLE IF EXISTS pg_temp.incoming_territory, pg_temp.incoming_former;

CREATE TEMPORARY TABLE incoming_territory (
    kind text, code text, name text, slug text, zone text, epci_type text, postal_codes varchar[],
    population integer, latitude numeric(8, 5), longitude numeric(8, 5), approximate boolean,
    region text, departement text, epci text,
    PRIMARY KEY (kind, code)
) ON COMMIT DROP;

CREATE TEMPORARY TABLE incoming_former (
    code text, name text, kind text, commune text,
    PRIMARY KEY (code, kind)
) ON COMMIT DROP;
