-- Campaigns of all platforms. What a message costs is not part of Iterable's relation.
select campaign_id, platform, campaign_name, status, campaign_type, started_on, ends_on, impressions, clicks, spend, conversions
from {{ ref('stg_marketing__google_campaigns') }}
union all
select campaign_id, platform, campaign_name, status, campaign_type, started_on, ends_on, impressions, clicks, spend, conversions
from {{ ref('stg_marketing__facebook_campaigns') }}
union all
select campaign_id, platform, campaign_name, status, campaign_type, started_on, ends_on, impressions, clicks, spend, conversions
from {{ ref('stg_marketing__linkedin_campaigns') }}
union all
select campaign_id, platform, campaign_name, status, campaign_type, started_on, ends_on, null, null, null, null
from {{ ref('stg_marketing__email_campaigns') }}
