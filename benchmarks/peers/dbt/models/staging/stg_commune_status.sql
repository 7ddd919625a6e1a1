-- A commune's own report counts only where no owing body reports on the commune.
select *, area as series
from (
    select f.*, o.owed, bool_or(o.owed) over (partition by f.area, f.window_end) as somebody_owes
    from ({{ in_force('commune_status', 'f.commune') }}) f
    join {{ source('raw', 'obligations') }} o on o.body = f.body and o.form = 'commune_status'
) every
where owed = somebody_owes
