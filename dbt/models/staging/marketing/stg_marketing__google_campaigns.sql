select
    id as campaign_id,
    'google' as platform,
    name as campaign_name,
    status,
    campaign_type,
    start_date as started_on,
    end_date as ends_on,
    impressions,
    clicks,
    cost as spend,
    conversions::integer as conversions
from {{ source('raw', 'google_ads_campaigns') }}
