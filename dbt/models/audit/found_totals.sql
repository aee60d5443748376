-- What the marts add up to, under the names of the generator's own totals (`synthgen-hpc plan`), in its units: cents,
-- ten-thousandths, rows.
{% set platforms = ['google', 'meta', 'linkedin'] %}
{% set channels = ['organic', 'paid_search', 'paid_social', 'email', 'direct', 'referral'] %}
select 'mrr_active' as total, coalesce(round(sum(mrr) filter (where is_active) * 100), 0)::bigint as found from {{ ref('account_360') }}
union all
select 'mrr_lost', coalesce(round(sum(mrr) filter (where not is_active) * 100), 0)::bigint from {{ ref('account_360') }}
union all
select 'mrr_active_' || lower(plan_name), coalesce(round(sum(mrr) filter (where is_active) * 100), 0)::bigint
from {{ ref('account_360') }} group by plan_name
union all
select 'accounts_active', count(*) filter (where is_active) from {{ ref('account_360') }}
union all
select 'accounts_lost', count(*) filter (where not is_active) from {{ ref('account_360') }}
union all
select 'employees', sum(employee_count) from {{ ref('account_360') }}
union all
select 'devices_in_service', coalesce(sum(devices) filter (where is_active), 0) from {{ ref('account_360') }}
union all
select 'devices_online', coalesce(sum(devices_online) filter (where is_active), 0) from {{ ref('account_360') }}
union all
select 'mrr_paying', coalesce(round(sum(mrr_change) * 100), 0)::bigint from {{ ref('fct_mrr_movements') }}
union all
select 'mrr_paying', round(mrr_end * 100)::bigint
from {{ ref('fct_mrr_monthly') }} where month = (select max(month) from {{ ref('fct_mrr_monthly') }})
union all
select 'subscriptions_active', accounts_end
from {{ ref('fct_mrr_monthly') }} where month = (select max(month) from {{ ref('fct_mrr_monthly') }})
union all
select 'subscriptions_active', coalesce(sum(accounts_retained), 0)
from {{ ref('fct_retention_cohorts') }}
where cohort_month + make_interval(months => months_since) = date_trunc('month', {{ as_of() }})
union all
select 'mrr_paying', coalesce(round(sum(mrr_retained) * 100), 0)::bigint
from {{ ref('fct_retention_cohorts') }}
where cohort_month + make_interval(months => months_since) = date_trunc('month', {{ as_of() }})
union all
select 'subscriptions_churned', count(*) from {{ ref('fct_mrr_movements') }} where movement = 'churn'
union all
select 'invoiced', sum(invoiced_cents) from {{ ref('fct_billing_monthly') }}
union all
select 'invoices_collected', sum(paid_cents) from {{ ref('fct_billing_monthly') }}
union all
select 'invoices_paid', coalesce(sum(invoices) filter (where status = 'paid'), 0) from {{ ref('fct_billing_monthly') }}
union all
select 'invoiced_paid', coalesce(sum(invoiced_cents) filter (where status = 'paid'), 0) from {{ ref('fct_billing_monthly') }}
union all
select 'invoiced_open', coalesce(sum(invoiced_cents) filter (where status in ('open', 'draft')), 0)
from {{ ref('fct_billing_monthly') }}
union all
select 'invoiced_void', coalesce(sum(invoiced_cents) filter (where status = 'void'), 0) from {{ ref('fct_billing_monthly') }}
union all
select 'invoiced_uncollectible', coalesce(sum(invoiced_cents) filter (where status = 'uncollectible'), 0)
from {{ ref('fct_billing_monthly') }}
union all
select 'charges_succeeded', sum(charges) from {{ ref('fct_billing_monthly') }}
union all
select 'charged', sum(charged_cents) - sum(refunded_cents) from {{ ref('fct_billing_monthly') }}
union all
select 'deals_' || outcome, count(*) from {{ ref('fct_deals') }} group by outcome
union all
select case outcome when 'open' then 'pipeline' else outcome end, round(sum(amount) * 100)::bigint
from {{ ref('fct_deals') }} group by outcome
union all
select 'deals_won', coalesce(sum(deals), 0) from {{ ref('fct_sales_funnel') }} where stage = 'closedwon'
union all
select 'won', coalesce(round(sum(amount) * 100), 0)::bigint from {{ ref('fct_sales_funnel') }} where stage = 'closedwon'
union all
select 'attribution_credit', round(sum(credit) * 10000)::bigint from {{ ref('fct_attribution') }}
union all
select 'attribution_credit', (sum(credit_first_touch) * 10000)::bigint from {{ ref('fct_attribution') }}
union all
select 'attribution_credit', (sum(credit_last_touch) * 10000)::bigint from {{ ref('fct_attribution') }}
{% for channel in channels %}
union all
select 'credit_{{ channel }}', coalesce(round(sum(credit) * 10000), 0)::bigint
from {{ ref('fct_attribution') }} where channel = '{{ channel }}'
union all
select 'touches_{{ channel }}', coalesce(sum(touches), 0) from {{ ref('fct_attribution') }} where channel = '{{ channel }}'
{% endfor %}
{% for platform in platforms %}
union all
select 'spend_{{ platform }}', coalesce(round(sum(spend) * 100), 0)::bigint
from {{ ref('dim_campaigns') }} where platform = '{{ platform }}'
{% endfor %}
union all
select 'device_events', coalesce(sum(events), 0) from {{ ref('fct_device_uptime') }}
union all
select 'session_feature_events', coalesce(sum(events), 0) from {{ ref('fct_feature_adoption') }}
union all
select 'session_page_views', coalesce(sum(page_views), 0) from {{ ref('stg_app__user_sessions') }}
