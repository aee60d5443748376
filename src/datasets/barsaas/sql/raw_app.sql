-- Raw contract, the app's database: names, columns, types and order are the contract's.
--
-- Lookups are left joins on unique keys, so that PostgreSQL leaves out those whose columns a query does not
-- read. Ids become text; timestamps become UTC without a zone.

CREATE SCHEMA IF NOT EXISTS raw;

CREATE VIEW raw.app_database_accounts AS
SELECT a.id::varchar(50) AS id,
       a.name::varchar(255) AS name,
       c.email::varchar(255) AS email,
       (a.created_at AT TIME ZONE 'UTC')::date AS created_date,
       lower(a.industry)::varchar(100) AS business_type,
       a.location_count::integer AS location_count,
       a.industry::varchar(100) AS industry,
       a.employee_count::integer AS employee_count,
       a.annual_revenue::bigint AS annual_revenue,
       ('https://www.' || a.domain)::varchar(500) AS website,
       a.status::varchar(50) AS status,
       a.created_at AT TIME ZONE 'UTC' AS created_at,
       a.updated_at AT TIME ZONE 'UTC' AS updated_at
FROM {schema}.accounts a
LEFT JOIN {schema}.stripe_customers c ON c.account_id = a.id;

CREATE VIEW raw.app_database_locations AS
SELECT l.id::varchar(50) AS id,
       l.account_id::varchar(50) AS customer_id,
       l.name::varchar(255) AS name,
       l.address::varchar(500) AS address,
       l.city::varchar(100) AS city,
       l.state::varchar(50) AS state,
       l.zip_code::varchar(20) AS zip_code,
       l.country::varchar(50) AS country,
       l.location_type::varchar(50) AS location_type,
       lower(a.industry)::varchar(100) AS business_type,
       l.size::varchar(50) AS size,
       l.device_count::integer AS expected_device_count,
       (d.first_installed_at AT TIME ZONE 'UTC')::date AS install_date,
       l.latitude::numeric(10,6) AS latitude,
       l.longitude::numeric(10,6) AS longitude,
       l.capacity::integer AS capacity,
       l.is_active,
       l.created_at AT TIME ZONE 'UTC' AS created_at,
       l.updated_at AT TIME ZONE 'UTC' AS updated_at
FROM {schema}.locations l
LEFT JOIN {schema}.accounts a ON a.id = l.account_id
LEFT JOIN (SELECT location_id, min(installed_at) AS first_installed_at
           FROM {schema}.devices GROUP BY location_id) d ON d.location_id = l.id;

CREATE VIEW raw.app_database_users AS
SELECT id::varchar(50) AS id,
       account_id::varchar(50) AS customer_id,
       split_part(name, ' ', 1)::varchar(100) AS first_name,
       substr(name, strpos(name, ' ') + 1)::varchar(100) AS last_name,
       email::varchar(255) AS email,
       role::varchar(50) AS role,
       (created_at AT TIME ZONE 'UTC')::date AS created_date,
       (last_login_at AT TIME ZONE 'UTC')::date AS last_login_date,
       last_login_at AT TIME ZONE 'UTC' AS last_login_at,
       is_active,
       created_at AT TIME ZONE 'UTC' AS created_at,
       updated_at AT TIME ZONE 'UTC' AS updated_at
FROM {schema}.users;

-- Addresses are functions of the id: the odd factors are invertible, so hardware addresses are unique, and
-- devices of one place, whose ids follow each other, have different numbers in its private network.
CREATE VIEW raw.app_database_devices AS
SELECT d.id::varchar(50) AS id,
       d.location_id::varchar(50) AS location_id,
       d.device_type::varchar(100) AS device_type,
       CASE d.device_type WHEN 'tap_controller' THEN 'dispensing' WHEN 'sensor' THEN 'monitoring'
                          ELSE 'connectivity' END::varchar(50) AS category,
       d.manufacturer::varchar(100) AS manufacturer,
       d.model::varchar(100) AS model,
       d.serial_number::varchar(100) AS serial_number,
       (d.installed_at AT TIME ZONE 'UTC')::date AS install_date,
       d.warranty_until AS warranty_expiry,
       d.purchase_price::numeric(10,2) AS purchase_price,
       d.firmware_version::varchar(50) AS firmware_version,
       ('192.168.' || d.location_id * 37 % 254 + 1 || '.' || d.id % 200 + 20)::varchar(45) AS ip_address,
       ('02' || lpad(to_hex(d.id::bigint * 668265263 & 1099511627775), 10, '0'))::macaddr::varchar(17)
           AS mac_address,
       d.status::varchar(50) AS status,
       CASE a.industry WHEN 'Restaurant' THEN 'dinner' WHEN 'Bar' THEN 'night' WHEN 'Hotel' THEN 'all_day'
                       ELSE 'evening' END::varchar(50) AS usage_pattern,
       m.lifespan_years AS expected_lifespan_years,
       m.watts AS energy_consumption_watts,
       CASE WHEN d.device_type = 'sensor' THEN 'wifi'
            WHEN d.device_type = 'gateway' AND d.id % 4 = 0 THEN 'cellular'
            WHEN d.device_type = 'gateway' OR d.id % 3 = 0 THEN 'ethernet'
            ELSE 'wifi' END::varchar(50) AS network_connectivity,
       (d.installed_at AT TIME ZONE 'UTC')::date AS installation_date,
       (d.last_service_at AT TIME ZONE 'UTC')::date AS last_maintenance_date,
       d.status = 'online' AS is_online,
       d.account_id::varchar(50) AS customer_id,
       d.installed_at AT TIME ZONE 'UTC' AS created_at,
       greatest(d.installed_at, d.last_service_at, d.last_seen_at) AT TIME ZONE 'UTC' AS updated_at
FROM {schema}.devices d
LEFT JOIN (VALUES ('TapControl 2', 7, 14), ('TapControl 3', 7, 11), ('FlowValve L', 8, 18), ('FlowValve M', 8, 15),
                  ('FlowSense Clip', 5, 2), ('KegSense Inline', 6, 3), ('KegSense Gateway', 6, 9),
                  ('KegSense Gateway Plus', 6, 12)) AS m(model, lifespan_years, watts) ON m.model = d.model
LEFT JOIN {schema}.accounts a ON a.id = d.account_id;

-- Readers take a row with an end date for a lost customer: only the last row of a lost account shows one.
-- Rows that the next one continues, converted trials among them, are superseded.
CREATE VIEW raw.app_database_subscriptions AS
SELECT p.id::varchar(50) AS id,
       s.account_id::varchar(50) AS customer_id,
       s.plan_name::varchar(100) AS plan_name,
       CASE s.status WHEN 'converted' THEN 'superseded' ELSE s.status END::varchar(50) AS status,
       s.start_date,
       CASE WHEN s.status IN ('expired', 'churned') THEN s.end_date END AS end_date,
       s.cycle_price::numeric(10,2) AS monthly_price,
       s.billing_cycle::varchar(20) AS billing_cycle,
       s.mrr::numeric(10,2) AS monthly_amount,
       (p.current_period_start AT TIME ZONE 'UTC')::date AS current_term_start,
       s.created_at AT TIME ZONE 'UTC' AS created_at,
       s.updated_at AT TIME ZONE 'UTC' AS updated_at
FROM {schema}.subscriptions s
JOIN {schema}.stripe_subscriptions p ON p.subscription_id = s.id;

-- The pressure swings around the product's by up to one pound; an error is a line that lost some of it.
CREATE VIEW raw.app_database_tap_events AS
SELECT t.id::varchar(50) AS id,
       t.device_id::varchar(50) AS device_id,
       t.location_id::varchar(50) AS location_id,
       t."timestamp" AT TIME ZONE 'UTC' AS "timestamp",
       CASE t.tap_type WHEN 1 THEN 'pour' WHEN 2 THEN 'clean' WHEN 3 THEN 'error' WHEN 4 THEN 'maintenance'
                       ELSE 'calibration' END::varchar(50) AS event_type,
       CASE t.tap_type WHEN 3 THEN 'error' ELSE 'success' END::varchar(50) AS status,
       jsonb_build_object(
           'volume_ml', t.volume_ml,
           'temperature_c', t.temperature_deci_c * 0.1,
           'pressure_psi', (p.pressure_deci_psi * CASE t.tap_type WHEN 3 THEN 7 ELSE 10 END
                            + t.id * 7919 % 201 - 100) * 0.01,
           'flow_rate_ml_per_sec', coalesce(t.volume_ml * 100 / nullif(t.duration_deci_s, 0) * 0.1, 0),
           'duration_seconds', t.duration_deci_s * 0.1,
           'product', p.name,
           'product_category', p.category) AS metrics,
       CASE d.device_type WHEN 'tap_controller' THEN 'dispensing' WHEN 'sensor' THEN 'monitoring'
                          ELSE 'connectivity' END::varchar(50) AS device_category,
       t."timestamp" AT TIME ZONE 'UTC' AS created_at
FROM {schema}.tap_events t
LEFT JOIN {schema}.products p ON p.id = t.product_id
LEFT JOIN {schema}.devices d ON d.id = t.device_id;

CREATE VIEW raw.app_database_user_sessions AS
SELECT id::varchar(50) AS session_id,
       user_id::varchar(50) AS user_id,
       account_id::varchar(50) AS customer_id,
       session_start AT TIME ZONE 'UTC' AS start_time,
       session_end AT TIME ZONE 'UTC' AS end_time,
       duration_seconds::integer AS duration_seconds,
       page_views::integer AS page_views,
       actions_taken::integer AS actions_taken,
       device_type::varchar(50) AS device_type,
       browser::varchar(50) AS browser,
       session_start AT TIME ZONE 'UTC' AS created_at
FROM {schema}.user_sessions;

CREATE VIEW raw.app_database_page_views AS
SELECT v.id::varchar(50) AS page_view_id,
       v.session_id::varchar(50) AS session_id,
       v.user_id::varchar(50) AS user_id,
       v.account_id::varchar(50) AS customer_id,
       ('https://' || p.host || p.path)::varchar(500) AS page_url,
       p.title::varchar(255) AS page_title,
       v."timestamp" AT TIME ZONE 'UTC' AS "timestamp",
       v.time_on_page_seconds::integer AS time_on_page_seconds,
       ('https://' || r.host || r.path)::varchar(500) AS referrer_url,
       v."timestamp" AT TIME ZONE 'UTC' AS created_at
FROM {schema}.page_views v
LEFT JOIN {schema}.pages p ON p.id = v.page_id
LEFT JOIN {schema}.pages r ON r.id = v.referrer_page_id;

CREATE VIEW raw.app_database_feature_usage AS
SELECT u.id::varchar(50) AS usage_id,
       u.user_id::varchar(50) AS user_id,
       u.account_id::varchar(50) AS customer_id,
       f.name::varchar(100) AS feature_name,
       u.usage_count::integer AS usage_count,
       u."timestamp" AT TIME ZONE 'UTC' AS "timestamp",
       u."timestamp" AT TIME ZONE 'UTC' AS created_at
FROM {schema}.feature_usage u
LEFT JOIN {schema}.features f ON f.id = u.feature_id;
