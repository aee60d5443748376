-- The campaigns of each platform under the names and columns of that platform, over the counted table
-- campaigns. Times of day that a platform shows for a date are UTC.

CREATE VIEW {schema}.google_ads_campaigns AS
SELECT id::varchar(50) AS campaign_id,
       name AS campaign_name,
       status::varchar(50) AS status,
       campaign_type::varchar(50) AS campaign_type,
       start_date,
       end_date,
       daily_budget AS budget_amount,
       target_cpa,
       impressions,
       clicks,
       cost,
       conversions,
       conversion_value,
       created_at
FROM {schema}.campaigns
WHERE platform = 'google';

CREATE VIEW {schema}.facebook_ads_campaigns AS
SELECT id::varchar(50) AS campaign_id,
       name AS campaign_name,
       status::varchar(50) AS status,
       objective::varchar(50) AS objective,
       created_at AS created_time,
       start_date::timestamp AT TIME ZONE 'UTC' AS start_time,
       (end_date + time '23:59:59') AT TIME ZONE 'UTC' AS stop_time,
       daily_budget,
       lifetime_budget,
       impressions,
       clicks,
       cost AS spend,
       conversions
FROM {schema}.campaigns
WHERE platform = 'meta';

CREATE VIEW {schema}.linkedin_ads_campaigns AS
SELECT id::varchar(50) AS campaign_id,
       name AS campaign_name,
       status::varchar(50) AS status,
       campaign_type::varchar(50) AS campaign_type,
       objective::varchar(50) AS objective_type,
       created_at AS created_time,
       start_date,
       end_date,
       daily_budget,
       lifetime_budget AS total_budget,
       impressions,
       clicks,
       cost,
       conversions
FROM {schema}.campaigns
WHERE platform = 'linkedin';

-- A running campaign has no end yet: its end_date is a plan.
CREATE VIEW {schema}.iterable_campaigns AS
SELECT id::varchar(50) AS campaign_id,
       name AS campaign_name,
       campaign_type::varchar(50) AS campaign_type,
       status::varchar(50) AS status,
       created_at,
       updated_at,
       start_date::timestamp AT TIME ZONE 'UTC' AS start_at,
       CASE WHEN status <> 'ACTIVE' THEN (end_date + time '23:59:59') AT TIME ZONE 'UTC' END AS ended_at,
       send_size,
       message_medium::varchar(50) AS message_medium,
       labels::text AS labels
FROM {schema}.campaigns
WHERE platform = 'iterable';
