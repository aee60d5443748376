select
    id as campaign_id,
    'meta' as platform,
    name as campaign_name,
    status,
    objective as campaign_type,
    start_time::date as started_on,
    stop_time::date as ends_on,
    impressions,
    clicks,
    spend,
    (select sum((action ->> 'value')::integer) from jsonb_array_elements(actions) action where action ->> 'action_type' = 'lead') as conversions
from {{ source('raw', 'facebook_ads_campaigns') }}
