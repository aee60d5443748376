select
    id as campaign_id,
    'linkedin' as platform,
    name as campaign_name,
    status,
    campaign_type,
    start_date as started_on,
    end_date as ends_on,
    impressions,
    clicks,
    cost as spend,
    conversions
from {{ source('raw', 'linkedin_ads_campaigns') }}
