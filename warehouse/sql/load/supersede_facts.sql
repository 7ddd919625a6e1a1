{# End the current rows of reports, given as pairs of body key and period key. A body may have reported under
   an earlier state of its own. Of a report with a part, given as set and number,
   the rows of the other parts of the set stay current. #}
UPDATE {{ table | ident }} AS fact SET superseded_at = greatest(fact.recorded_at, :ended_at)
FROM
    (
        SELECT
            body_key,
            period_key,
            part_set,
            part_no
        FROM unnest(
            CAST(:bodies AS bigint []),
            CAST(:periods AS bigint []),
            CAST(:part_sets AS bigint []),
            CAST(:part_nos AS int [])
        ) AS given (body_key, period_key, part_set, part_no)
    ) AS report
    INNER JOIN dw.dim_body AS latest USING (body_key)
    INNER JOIN dw.dim_body AS b USING (province_code, body_code)
WHERE
    fact.body_key = b.body_key
    AND fact.period_key = report.period_key
    AND fact.superseded_at IS NULL
    AND (
        report.part_set IS NULL
        OR NOT EXISTS (
            SELECT FROM audit.submission AS s
            WHERE
                s.submission_id = fact.submission_id
                AND s.part_set = report.part_set AND s.part_no <> report.part_no -- noqa: RF01
        )
    )
