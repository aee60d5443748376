-- Deals by the stage they have reached: how many ever entered it, what they were worth, how many went on, how long it took.
{% set stages = ['appointmentscheduled', 'qualifiedtobuy', 'presentationscheduled', 'decisionmakerboughtin', 'contractsent'] %}
with reached as (
    {% for stage in stages %}
    select
        {{ loop.index }} as stage_number,
        '{{ stage }}' as stage,
        deal_id,
        amount,
        stage as stage_now,
        {{ stage }}_at as entered_at,
        {% if not loop.last %}{{ stages[loop.index] }}_at{% else %}closedwon_at{% endif %} as went_on_at
    from {{ ref('stg_hubspot__deals') }}
    where {{ stage }}_at is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    union all
    select {{ stages | length + 1 }}, 'closedwon', deal_id, amount, stage, closedwon_at, null
    from {{ ref('stg_hubspot__deals') }}
    where closedwon_at is not null
)

select
    stage_number,
    stage,
    count(*) as deals,
    sum(amount) as amount,
    count(*) filter (where stage_now = reached.stage) as deals_here,
    coalesce(sum(amount) filter (where stage_now = reached.stage), 0) as amount_here,
    count(went_on_at) as deals_went_on,
    round(count(went_on_at) / count(*)::numeric, 4) as conversion,
    round(avg(extract(epoch from went_on_at - entered_at) / 86400), 1) as average_days
from reached
group by stage_number, stage
