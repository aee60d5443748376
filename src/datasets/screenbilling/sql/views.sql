-- The five views of screen billing over the monthly snapshots. Amounts are dollars.
--
-- Revenue counts every subscription that is not cancelled; what is past due is part of it and at risk.

CREATE VIEW {schema}.mrr_monthly AS
SELECT month,
       (sum(mrr_cents) / 100)::numeric(16,2) AS mrr_amount,
       count(*) FILTER (WHERE mrr_cents > 0) AS paying_customers,
       count(*) AS total_customers,
       count(*) FILTER (WHERE status = 'active') AS active_subscriptions,
       count(*) FILTER (WHERE status = 'past_due') AS past_due_customers,
       (coalesce(sum(mrr_cents) FILTER (WHERE status = 'past_due'), 0) / 100)::numeric(16,2) AS at_risk_mrr
FROM {schema}.sub_snapshots
GROUP BY month
ORDER BY month;

CREATE VIEW {schema}.mrr_by_plan AS
SELECT month,
       plan,
       (sum(mrr_cents) / 100)::numeric(16,2) AS mrr_amount,
       count(*) AS customers,
       sum(screens) AS screens
FROM {schema}.sub_snapshots
GROUP BY month, plan
ORDER BY month, min(price_amount);

CREATE VIEW {schema}.arppu_monthly AS
SELECT month,
       mrr_amount,
       paying_customers,
       round(mrr_amount / nullif(paying_customers, 0), 2) AS arppu
FROM {schema}.mrr_monthly;

CREATE VIEW {schema}.customers_by_plan AS
SELECT month,
       plan,
       count(*) AS customers,
       round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY month), 2) AS percent
FROM {schema}.sub_snapshots
GROUP BY month, plan
ORDER BY month, min(price_amount);

-- A customer is lost in the month whose snapshot no longer has him; the first month has no one to lose.
CREATE VIEW {schema}.churn_monthly AS
WITH months AS (
    SELECT month, lead(month) OVER (ORDER BY month) AS next_month
    FROM (SELECT DISTINCT month FROM {schema}.sub_snapshots) m
), pairs AS (
    SELECT months.next_month AS month, s.mrr_cents, n.customer_id IS NULL AS lost
    FROM months
    JOIN {schema}.sub_snapshots s ON s.month = months.month
    LEFT JOIN {schema}.sub_snapshots n ON n.customer_id = s.customer_id AND n.month = months.next_month
    WHERE months.next_month IS NOT NULL
)
SELECT month,
       count(*) AS customers_at_start,
       count(*) FILTER (WHERE lost) AS churned_customers,
       round(100.0 * count(*) FILTER (WHERE lost) / count(*), 2) AS customer_churn_percent,
       (coalesce(sum(mrr_cents) FILTER (WHERE lost), 0) / 100)::numeric(16,2) AS churned_mrr,
       round(100.0 * coalesce(sum(mrr_cents) FILTER (WHERE lost), 0) / nullif(sum(mrr_cents), 0), 2)
           AS mrr_churn_percent
FROM pairs
GROUP BY month
ORDER BY month;
