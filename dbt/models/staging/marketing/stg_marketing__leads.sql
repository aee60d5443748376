select
    id as lead_id,
    contact_id::text as contact_id,
    account_id::text as account_id,
    lead_source,
    campaign_id,
    mql_score,
    engagement_score,
    conversion_probability,
    days_to_mql,
    created_at_source as first_touched_at,
    mql_date as qualified_at
from {{ source('raw', 'marketing_qualified_leads') }}
