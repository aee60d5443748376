-- Every staging model has exactly the rows that the generator planned. Needs var rows.
{{ config(enabled=var('rows') is not none) }}
with planned as (
    {% for name, value in (var('rows') or {}).items() %}
    select '{{ name }}' as table_name, {{ value }}::bigint as planned
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select f.table_name, f.found, planned.planned
from {{ ref('found_rows') }} f
left join planned using (table_name)
where f.found is distinct from planned.planned
