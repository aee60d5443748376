-- Raw contract, marketing: names, columns, types and order are the contract's.

CREATE SCHEMA IF NOT EXISTS raw;

CREATE VIEW raw.google_ads_campaigns AS
SELECT campaign_id AS id,
       campaign_name::varchar(255) AS name,
       status,
       campaign_type,
       campaign_type AS advertising_channel_type,
       start_date,
       end_date,
       budget_amount::numeric(12,2) AS budget_amount,
       target_cpa::numeric(10,2) AS target_cpa,
       impressions,
       clicks,
       cost::numeric(12,2) AS cost,
       conversions::numeric(10,2) AS conversions,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.google_ads_campaigns;

CREATE VIEW raw.facebook_ads_campaigns AS
SELECT campaign_id AS id,
       campaign_name::varchar(255) AS name,
       status,
       objective,
       created_time AT TIME ZONE 'UTC' AS created_time,
       start_time AT TIME ZONE 'UTC' AS start_time,
       stop_time AT TIME ZONE 'UTC' AS stop_time,
       daily_budget::numeric(10,2) AS daily_budget,
       lifetime_budget::numeric(12,2) AS lifetime_budget,
       impressions,
       clicks,
       spend::numeric(12,2) AS spend,
       jsonb_build_array(jsonb_build_object('action_type', 'link_click', 'value', clicks::text),
                         jsonb_build_object('action_type', 'lead', 'value', conversions::text)) AS actions,
       created_time AT TIME ZONE 'UTC' AS created_at
FROM {schema}.facebook_ads_campaigns;

CREATE VIEW raw.linkedin_ads_campaigns AS
SELECT campaign_id AS id,
       campaign_name::varchar(255) AS name,
       status,
       campaign_type,
       objective_type,
       created_time AT TIME ZONE 'UTC' AS created_time,
       start_date,
       end_date,
       daily_budget::numeric(10,2) AS daily_budget,
       total_budget::numeric(12,2) AS total_budget,
       impressions,
       clicks,
       cost::numeric(12,2) AS cost,
       conversions,
       created_time AT TIME ZONE 'UTC' AS created_at
FROM {schema}.linkedin_ads_campaigns;

CREATE VIEW raw.iterable_campaigns AS
SELECT campaign_id AS id,
       campaign_name::varchar(255) AS name,
       campaign_type,
       status,
       created_at AT TIME ZONE 'UTC' AS created_at_source,
       updated_at AT TIME ZONE 'UTC' AS updated_at_source,
       start_at AT TIME ZONE 'UTC' AS start_at,
       ended_at AT TIME ZONE 'UTC' AS ended_at,
       send_size,
       message_medium,
       labels,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.iterable_campaigns;

-- One row a day of the session-grained table; a session is bounced when it saw one page.
CREATE VIEW raw.google_analytics_sessions AS
SELECT session_date AS date,
       count(*)::integer AS sessions,
       count(DISTINCT user_id)::integer AS users,
       (count(*) FILTER (WHERE new_visitor))::integer AS new_users,
       sum(page_views)::integer AS page_views,
       (count(*) FILTER (WHERE page_views = 1) / count(*)::numeric)::numeric(5,4) AS bounce_rate,
       avg(session_duration)::numeric(10,2) AS avg_session_duration,
       sum(goal_completions)::integer AS goal_completions,
       (count(*) FILTER (WHERE goal_completions > 0) / count(*)::numeric)::numeric(5,4) AS goal_conversion_rate,
       session_date::timestamp AS created_at
FROM {schema}.google_analytics_sessions
GROUP BY session_date;

-- Scores are points out of 100 in the dataset and shares of 1 here. A lead's record begins with its first
-- touch, from which days_to_mql counts.
CREATE VIEW raw.marketing_qualified_leads AS
SELECT lead_id::varchar(50) AS id,
       first_touch_at AT TIME ZONE 'UTC' AS created_at_source,
       contact_id,
       account_id,
       mql_date AT TIME ZONE 'UTC' AS mql_date,
       (mql_score / 100)::numeric(5,2) AS mql_score,
       lead_source::varchar(100) AS lead_source,
       campaign_id::varchar(50) AS campaign_id,
       conversion_probability::numeric(5,4) AS conversion_probability,
       days_to_mql,
       (engagement_score / 100)::numeric(5,2) AS engagement_score,
       mql_date AT TIME ZONE 'UTC' AS created_at
FROM {schema}.marketing_qualified_leads;

CREATE VIEW raw.attribution_touchpoints AS
SELECT t.id::varchar(50) AS id,
       t.mql_id::varchar(50) AS mql_id,
       t."timestamp" AT TIME ZONE 'UTC' AS touchpoint_date,
       t.channel::varchar(100) AS channel,
       t.campaign_id::varchar(50) AS campaign_id,
       c.name::varchar(255) AS campaign_name,
       CASE t.channel WHEN 'paid_search' THEN 'cpc' WHEN 'direct' THEN '(none)' ELSE t.channel END::varchar(100)
           AS medium,
       t.source::varchar(100) AS source,
       t.touchpoint_type::varchar(255) AS content,
       t.attribution_credit::numeric(5,4) AS attribution_weight,
       t.position_in_journey AS touchpoint_position,
       t."timestamp" AT TIME ZONE 'UTC' AS created_at
FROM {schema}.attribution_touchpoints t
LEFT JOIN {schema}.campaigns c ON c.id = t.campaign_id;
