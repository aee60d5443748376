-- Every sum that the marts make and the generator planned is the same, to the unit. Needs var totals.
{{ config(enabled=var('totals') is not none) }}
with planned as (
    {% for name, value in (var('totals') or {}).items() %}
    select '{{ name }}' as total, {{ value }}::bigint as planned
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select f.total, f.found, planned.planned
from {{ ref('found_totals') }} f
left join planned using (total)
where f.found is distinct from planned.planned
