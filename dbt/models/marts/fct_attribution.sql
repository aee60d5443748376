-- Credit for qualified leads by channel and campaign, under the model of the data and under three simple ones. Under each,
-- the credit of a lead is 1.
with touches as (
    select
        *,
        position = 1 as is_first,
        position = max(position) over (partition by lead_id) as is_last,
        1.0 / count(*) over (partition by lead_id) as share
    from {{ ref('stg_marketing__touchpoints') }}
)

select
    touches.channel || '-' || coalesce(touches.campaign_id, 'none') as attribution_id,
    touches.channel,
    touches.campaign_id,
    campaigns.platform,
    campaigns.campaign_name,
    campaigns.spend,
    count(*) as touches,
    count(distinct touches.lead_id) as leads_touched,
    sum(touches.credit) as credit,
    count(*) filter (where touches.is_first) as credit_first_touch,
    count(*) filter (where touches.is_last) as credit_last_touch,
    round(sum(touches.share), 6) as credit_linear,
    round(campaigns.spend / nullif(sum(touches.credit), 0), 2) as cost_per_lead
from touches
left join {{ ref('dim_campaigns') }} campaigns on campaigns.campaign_id = touches.campaign_id
group by touches.channel, touches.campaign_id, campaigns.platform, campaigns.campaign_name, campaigns.spend
