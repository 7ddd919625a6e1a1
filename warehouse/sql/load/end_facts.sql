{# End the current rows of one submission; with a clock that was set back, as soon as they were recorded. #}
UPDATE {{ table | ident }} SET superseded_at = greatest(recorded_at, :ended_at)
WHERE submission_id = :submission_id AND superseded_at IS NULL
