{# End the current rows of one submission. #}
UPDATE {{ table | ident }} SET superseded_at = :ended_at
WHERE submission_id = :submission_id AND superseded_at IS NULL
