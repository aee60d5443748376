-- Raw contract, Stripe: names, columns, types and order are the contract's.
--
-- Two helper views hold the JSON objects that several relations show. Lookups are left joins on unique keys,
-- so that PostgreSQL leaves out those whose columns a query does not read; lists inside JSON are subqueries
-- over an index and cost only where they are read.

CREATE SCHEMA IF NOT EXISTS raw;

CREATE VIEW {schema}.stripe_price_objects AS
SELECT id,
       jsonb_build_object(
           'id', id, 'object', 'price', 'active', active, 'billing_scheme', 'per_unit', 'currency', currency,
           'nickname', nickname, 'product', product, 'type', type, 'unit_amount', unit_amount,
           'recurring', jsonb_build_object('interval', recurring_interval,
                                           'interval_count', recurring_interval_count,
                                           'usage_type', 'licensed'),
           'metadata', jsonb_strip_nulls(jsonb_build_object('max_devices', max_devices::text,
                                                            'max_locations', max_locations::text))) AS price
FROM {schema}.stripe_prices;

-- Hardware is sent to the first location.
CREATE VIEW {schema}.stripe_customer_objects AS
SELECT c.id,
       c.name,
       c.email,
       c.phone,
       c.default_source,
       jsonb_build_object('line1', c.address_line1, 'line2', NULL, 'city', c.address_city,
                          'state', c.address_state, 'postal_code', c.address_postal_code,
                          'country', c.address_country) AS address,
       (SELECT jsonb_build_object(
                   'name', l.name, 'phone', c.phone,
                   'address', jsonb_build_object('line1', l.address, 'line2', NULL, 'city', l.city,
                                                 'state', l.state, 'postal_code', l.zip_code,
                                                 'country', l.country))
        FROM {schema}.locations l WHERE l.account_id = c.account_id ORDER BY l.id LIMIT 1) AS shipping
FROM {schema}.stripe_customers c;

CREATE VIEW raw.stripe_customers AS
SELECT c.id::varchar(50) AS id,
       c.email::varchar(255) AS email,
       c.name::varchar(255) AS name,
       a.industry || ' on the ' || a.subscription_tier || ' plan' AS description,
       c.phone::varchar(50) AS phone,
       o.address,
       c.created AT TIME ZONE 'UTC' AS created,
       c.currency::varchar(10) AS currency,
       c.delinquent,
       c.invoice_prefix::varchar(50) AS invoice_prefix,
       true AS livemode,
       c.metadata::jsonb AS metadata,
       o.shipping,
       'none'::varchar(20) AS tax_exempt,
       c.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_customers c
LEFT JOIN {schema}.stripe_customer_objects o ON o.id = c.id
LEFT JOIN {schema}.accounts a ON a.id = c.account_id;

CREATE VIEW raw.stripe_prices AS
SELECT id::varchar(50) AS id,
       'price'::varchar(20) AS object,
       active,
       currency::varchar(10) AS currency,
       unit_amount,
       type::varchar(20) AS type,
       recurring_interval::varchar(20) AS recurring_interval,
       recurring_interval_count::integer AS recurring_interval_count,
       nickname::varchar(100) AS nickname,
       created AT TIME ZONE 'UTC' AS created,
       created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_prices;

-- The cycle of a trial is anchored at its end, where the first paid period would begin.
CREATE VIEW raw.stripe_subscriptions AS
SELECT s.id::varchar(50) AS id,
       'subscription'::varchar(20) AS object,
       NULL::numeric(5,4) AS application_fee_percent,
       coalesce(s.trial_end, s.started_at) AT TIME ZONE 'UTC' AS billing_cycle_anchor,
       s.cancel_at AT TIME ZONE 'UTC' AS cancel_at,
       s.cancel_at_period_end,
       s.canceled_at AT TIME ZONE 'UTC' AS canceled_at,
       s.created AT TIME ZONE 'UTC' AS created,
       s.current_period_end AT TIME ZONE 'UTC' AS current_period_end,
       s.current_period_start AT TIME ZONE 'UTC' AS current_period_start,
       s.customer::varchar(50) AS customer,
       NULL::integer AS days_until_due,
       c.default_source::varchar(50) AS default_payment_method,
       c.default_source::varchar(50) AS default_source,
       NULL::jsonb AS discount,
       s.ended_at AT TIME ZONE 'UTC' AS ended_at,
       (SELECT jsonb_build_object(
                   'object', 'list', 'has_more', false, 'total_count', count(*),
                   'url', '/v1/subscription_items?subscription=' || s.id,
                   'data', jsonb_agg(jsonb_build_object('id', i.id, 'object', 'subscription_item',
                                                        'price', p.price, 'quantity', i.quantity,
                                                        'subscription', i.subscription) ORDER BY i.amount DESC, i.id))
        FROM {schema}.stripe_subscription_items i
        JOIN {schema}.stripe_price_objects p ON p.id = i.price
        WHERE i.subscription = s.id) AS items,
       (SELECT v.id FROM {schema}.stripe_invoices v WHERE v.subscription = s.id
        ORDER BY v.period_start DESC LIMIT 1)::varchar(50) AS latest_invoice,
       true AS livemode,
       jsonb_build_object('account_id', s.account_id::text) AS metadata,
       NULL::timestamp AS next_pending_invoice_item_invoice,
       NULL::jsonb AS pending_invoice_item_interval,
       NULL::varchar(50) AS pending_setup_intent,
       NULL::jsonb AS pending_update,
       NULL::varchar(50) AS schedule,
       s.started_at AT TIME ZONE 'UTC' AS start_date,
       s.status::varchar(50) AS status,
       s.trial_end AT TIME ZONE 'UTC' AS trial_end,
       s.trial_start AT TIME ZONE 'UTC' AS trial_start,
       s.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_subscriptions s
LEFT JOIN {schema}.stripe_customers c ON c.id = s.customer;

CREATE VIEW raw.stripe_subscription_items AS
SELECT i.id::varchar(50) AS id,
       'subscription_item'::varchar(20) AS object,
       NULL::jsonb AS billing_thresholds,
       i.created AT TIME ZONE 'UTC' AS created,
       i.metadata::jsonb AS metadata,
       p.price,
       i.quantity,
       i.subscription::varchar(50) AS subscription,
       '[]'::jsonb AS tax_rates,
       i.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_subscription_items i
LEFT JOIN {schema}.stripe_price_objects p ON p.id = i.price;

-- Page and receipt exist from finalization and payment on.
CREATE VIEW raw.stripe_invoices AS
SELECT v.id::varchar(50) AS id,
       'invoice'::varchar(20) AS object,
       'US'::varchar(10) AS account_country,
       'Barsaas, Inc.'::varchar(255) AS account_name,
       '[]'::jsonb AS account_tax_ids,
       v.amount_due,
       v.amount_paid,
       v.amount_due - v.amount_paid AS amount_remaining,
       NULL::integer AS application_fee_amount,
       v.attempt_count::integer AS attempt_count,
       v.attempt_count > 0 AS attempted,
       v.status IN ('draft', 'open') AS auto_advance,
       v.billing_reason::varchar(50) AS billing_reason,
       i.charge::varchar(50) AS charge,
       'charge_automatically'::varchar(20) AS collection_method,
       v.created AT TIME ZONE 'UTC' AS created,
       v.currency::varchar(10) AS currency,
       NULL::jsonb AS custom_fields,
       v.customer::varchar(50) AS customer,
       c.address AS customer_address,
       c.email::varchar(255) AS customer_email,
       c.name::varchar(255) AS customer_name,
       c.phone::varchar(50) AS customer_phone,
       c.shipping AS customer_shipping,
       'none'::varchar(20) AS customer_tax_exempt,
       '[]'::jsonb AS customer_tax_ids,
       i.payment_method::varchar(50) AS default_payment_method,
       NULL::varchar(50) AS default_source,
       '[]'::jsonb AS default_tax_rates,
       CASE v.billing_reason WHEN 'subscription_create' THEN 'First period of the subscription'
                             ELSE 'Period of the subscription' END AS description,
       NULL::jsonb AS discount,
       '[]'::jsonb AS discounts,
       v.due_date AT TIME ZONE 'UTC' AS due_date,
       0 AS ending_balance,
       NULL::text AS footer,
       CASE WHEN v.finalized_at IS NOT NULL
            THEN 'https://invoice.stripe.com/i/acct_1LkdIwHu7ixBarSa/' || v.id END AS hosted_invoice_url,
       CASE WHEN v.finalized_at IS NOT NULL
            THEN 'https://pay.stripe.com/invoice/acct_1LkdIwHu7ixBarSa/' || v.id || '/pdf' END AS invoice_pdf,
       NULL::jsonb AS last_finalization_error,
       (SELECT jsonb_build_object(
                   'object', 'list', 'has_more', false, 'total_count', count(*),
                   'url', '/v1/invoices/' || v.id || '/lines',
                   'data', jsonb_agg(jsonb_build_object(
                               'id', 'il_' || substr(n.id, 4) || '_' || substr(v.id, 4), 'object', 'line_item',
                               'type', 'subscription', 'subscription', n.subscription,
                               'subscription_item', n.id, 'currency', v.currency, 'amount', n.amount,
                               'quantity', n.quantity, 'price', p.price, 'proration', false,
                               'period', jsonb_build_object('start', extract(epoch FROM v.period_start)::bigint,
                                                            'end', extract(epoch FROM v.period_end)::bigint))
                           ORDER BY n.amount DESC, n.id))
        FROM {schema}.stripe_subscription_items n
        JOIN {schema}.stripe_price_objects p ON p.id = n.price
        WHERE n.subscription = v.subscription) AS lines,
       true AS livemode,
       jsonb_build_object('account_id', v.account_id::text) AS metadata,
       v.next_payment_attempt AT TIME ZONE 'UTC' AS next_payment_attempt,
       v.number::varchar(100) AS number,
       NULL::varchar(50) AS on_behalf_of,
       v.status = 'paid' AS paid,
       i.id::varchar(50) AS payment_intent,
       jsonb_build_object('payment_method_types', jsonb_build_array(i.payment_method_type)) AS payment_settings,
       v.period_end AT TIME ZONE 'UTC' AS period_end,
       v.period_start AT TIME ZONE 'UTC' AS period_start,
       0 AS post_payment_credit_notes_amount,
       0 AS pre_payment_credit_notes_amount,
       CASE WHEN v.status = 'paid'
            THEN to_char(v.account_id % 10000, 'FM0000') || '-' || right(v.number, 4) END::varchar(100)
           AS receipt_number,
       0 AS starting_balance,
       'BARSAAS'::varchar(100) AS statement_descriptor,
       v.status::varchar(50) AS status,
       jsonb_build_object(
           'finalized_at', extract(epoch FROM v.finalized_at)::bigint,
           'paid_at', extract(epoch FROM v.paid_at)::bigint,
           'voided_at', CASE v.status WHEN 'void' THEN extract(epoch FROM v.closed_at)::bigint END,
           'marked_uncollectible_at',
           CASE v.status WHEN 'uncollectible' THEN extract(epoch FROM v.closed_at)::bigint END)
           AS status_transitions,
       v.subscription::varchar(50) AS subscription,
       v.amount_due AS subtotal,
       0 AS tax,
       v.amount_due AS total,
       '[]'::jsonb AS total_tax_amounts,
       NULL::jsonb AS transfer_data,
       v.created AT TIME ZONE 'UTC' AS webhooks_delivered_at,
       v.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_invoices v
LEFT JOIN {schema}.stripe_payment_intents i ON i.invoice = v.id
LEFT JOIN {schema}.stripe_customer_objects c ON c.id = v.customer;

CREATE VIEW raw.stripe_charges AS
SELECT h.id::varchar(50) AS id,
       'charge'::varchar(20) AS object,
       h.amount,
       CASE WHEN h.paid THEN h.amount ELSE 0 END AS amount_captured,
       0 AS amount_refunded,
       NULL::varchar(50) AS application,
       NULL::varchar(50) AS application_fee,
       NULL::integer AS application_fee_amount,
       ('txn_' || substr(h.id, 4))::varchar(50) AS balance_transaction,
       jsonb_build_object('name', c.name, 'email', c.email, 'phone', c.phone, 'address', c.address)
           AS billing_details,
       'BARSAAS'::varchar(100) AS calculated_statement_descriptor,
       h.paid AS captured,
       h.created AT TIME ZONE 'UTC' AS created,
       h.currency::varchar(10) AS currency,
       h.customer::varchar(50) AS customer,
       'Payment of invoice ' || v.number AS description,
       NULL::varchar(50) AS destination,
       NULL::varchar(50) AS dispute,
       false AS disputed,
       h.failure_code::varchar(50) AS failure_code,
       h.failure_message::text AS failure_message,
       '{}'::jsonb AS fraud_details,
       h.invoice::varchar(50) AS invoice,
       true AS livemode,
       jsonb_build_object('account_id', h.account_id::text) AS metadata,
       NULL::varchar(50) AS on_behalf_of,
       NULL::varchar(50) AS order_id,
       jsonb_build_object('type', 'authorized', 'network_status', 'approved_by_network', 'reason', NULL,
                          'seller_message', 'Payment complete.', 'risk_level', h.risk_level,
                          'risk_score', h.risk_score) AS outcome,
       h.paid,
       i.id::varchar(50) AS payment_intent,
       h.payment_method::varchar(50) AS payment_method,
       h.payment_method_details::jsonb AS payment_method_details,
       c.email::varchar(255) AS receipt_email,
       (to_char(h.account_id % 10000, 'FM0000') || '-' || right(v.number, 4))::varchar(100) AS receipt_number,
       'https://pay.stripe.com/receipts/acct_1LkdIwHu7ixBarSa/' || h.id AS receipt_url,
       false AS refunded,
       jsonb_build_object('object', 'list', 'data', '[]'::jsonb, 'has_more', false, 'total_count', 0,
                          'url', '/v1/charges/' || h.id || '/refunds') AS refunds,
       NULL::varchar(50) AS review,
       NULL::jsonb AS shipping,
       NULL::jsonb AS source,
       NULL::varchar(50) AS source_transfer,
       'BARSAAS'::varchar(100) AS statement_descriptor,
       NULL::varchar(100) AS statement_descriptor_suffix,
       h.status::varchar(50) AS status,
       NULL::jsonb AS transfer_data,
       NULL::varchar(100) AS transfer_group,
       h.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_charges h
LEFT JOIN {schema}.stripe_payment_intents i ON i.invoice = h.invoice
LEFT JOIN {schema}.stripe_invoices v ON v.id = h.invoice
LEFT JOIN {schema}.stripe_customer_objects c ON c.id = h.customer;

CREATE VIEW raw.stripe_payment_intents AS
SELECT i.id::varchar(50) AS id,
       'payment_intent'::varchar(20) AS object,
       i.amount,
       0 AS amount_capturable,
       i.amount_received,
       NULL::varchar(50) AS application,
       NULL::integer AS application_fee_amount,
       i.canceled_at AT TIME ZONE 'UTC' AS canceled_at,
       CASE WHEN i.canceled_at IS NOT NULL THEN 'void_invoice' END::varchar(50) AS cancellation_reason,
       'automatic'::varchar(20) AS capture_method,
       jsonb_build_object(
           'object', 'list', 'has_more', false, 'url', '/v1/charges?payment_intent=' || i.id,
           'total_count', (i.charge IS NOT NULL)::integer,
           'data', CASE WHEN i.charge IS NULL THEN '[]'::jsonb
                        ELSE jsonb_build_array(jsonb_build_object(
                                 'id', i.charge, 'object', 'charge', 'amount', h.amount,
                                 'currency', h.currency, 'status', h.status, 'paid', h.paid,
                                 'created', extract(epoch FROM h.created)::bigint,
                                 'payment_method', h.payment_method)) END) AS charges,
       (i.id || '_secret_' || reverse(substr(i.id, 4)))::varchar(255) AS client_secret,
       i.confirmation_method::varchar(20) AS confirmation_method,
       i.created AT TIME ZONE 'UTC' AS created,
       i.currency::varchar(10) AS currency,
       i.customer::varchar(50) AS customer,
       'Payment of invoice ' || v.number AS description,
       i.invoice::varchar(50) AS invoice,
       CASE WHEN i.last_payment_error_code IS NOT NULL
            THEN jsonb_build_object('type', 'card_error', 'code', i.last_payment_error_code,
                                    'message', i.last_payment_error_message,
                                    'created', extract(epoch FROM i.last_payment_error_at)::bigint)
            END AS last_payment_error,
       true AS livemode,
       i.metadata::jsonb AS metadata,
       NULL::jsonb AS next_action,
       NULL::varchar(50) AS on_behalf_of,
       i.payment_method::varchar(50) AS payment_method,
       CASE i.payment_method_type
           WHEN 'card' THEN '{"card": {"request_three_d_secure": "automatic"}}'::jsonb
           ELSE '{"us_bank_account": {"verification_method": "automatic"}}'::jsonb END AS payment_method_options,
       jsonb_build_array(i.payment_method_type) AS payment_method_types,
       c.email::varchar(255) AS receipt_email,
       NULL::varchar(50) AS review,
       'off_session'::varchar(20) AS setup_future_usage,
       NULL::jsonb AS shipping,
       'BARSAAS'::varchar(100) AS statement_descriptor,
       NULL::varchar(100) AS statement_descriptor_suffix,
       i.status::varchar(50) AS status,
       NULL::jsonb AS transfer_data,
       NULL::varchar(100) AS transfer_group,
       i.created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_payment_intents i
LEFT JOIN {schema}.stripe_charges h ON h.id = i.charge
LEFT JOIN {schema}.stripe_invoices v ON v.id = i.invoice
LEFT JOIN {schema}.stripe_customers c ON c.id = i.customer;

CREATE VIEW raw.stripe_events AS
SELECT id::varchar(50) AS id,
       'event'::varchar(20) AS object,
       api_version::varchar(20) AS api_version,
       created AT TIME ZONE 'UTC' AS created,
       data::jsonb AS data,
       true AS livemode,
       0 AS pending_webhooks,
       jsonb_build_object('id', request_id, 'idempotency_key', idempotency_key) AS request,
       type::varchar(100) AS type,
       created AT TIME ZONE 'UTC' AS created_at
FROM {schema}.stripe_events;
