-- Rows of the staging models, under the names of the generator's tables.
{% set models = {
    'accounts': 'stg_app__accounts', 'locations': 'stg_app__locations', 'users': 'stg_app__users',
    'devices': 'stg_app__devices', 'subscriptions': 'stg_app__subscriptions', 'tap_events': 'stg_app__tap_events',
    'user_sessions': 'stg_app__user_sessions', 'page_views': 'stg_app__page_views',
    'feature_usage': 'stg_app__feature_usage', 'stripe_customers': 'stg_stripe__customers',
    'stripe_prices': 'stg_stripe__prices', 'stripe_subscriptions': 'stg_stripe__subscriptions',
    'stripe_subscription_items': 'stg_stripe__subscription_items', 'stripe_invoices': 'stg_stripe__invoices',
    'stripe_charges': 'stg_stripe__charges', 'stripe_payment_intents': 'stg_stripe__payment_intents',
    'stripe_events': 'stg_stripe__events', 'hubspot_companies': 'stg_hubspot__companies',
    'hubspot_contacts': 'stg_hubspot__contacts', 'hubspot_deals': 'stg_hubspot__deals',
    'hubspot_engagements': 'stg_hubspot__engagements', 'hubspot_owners': 'stg_hubspot__owners',
    'hubspot_tickets': 'stg_hubspot__tickets', 'attribution_touchpoints': 'stg_marketing__touchpoints',
    'marketing_qualified_leads': 'stg_marketing__leads', 'campaigns': 'dim_campaigns'
} %}
{% for table, model in models.items() %}
select '{{ table }}' as table_name, count(*) as found from {{ ref(model) }}
union all
{% endfor %}
select 'google_analytics_sessions', coalesce(sum(sessions), 0) from {{ ref('stg_marketing__web_days') }}
