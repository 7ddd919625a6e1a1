-- Which areas lie in which, each in itself too.
with recursive inside as (
    select code as outer_area, code as area from {{ source('raw', 'areas') }}
    union all
    select i.outer_area, a.code from inside i join {{ source('raw', 'areas') }} a on a.parent = i.area
)
select i.outer_area, i.area, a.level from inside i join {{ source('raw', 'areas') }} a on a.code = i.area
