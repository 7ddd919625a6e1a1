SELECT
    count(*) AS rows_read,
    sum(pg_catalog.hashtextextended(content::text, 0)::numeric) AS content_hash
FROM {{ relation }} AS content
