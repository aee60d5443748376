-- Invoices by month of creation and state, and what was collected.
select
    date_trunc('month', i.created_at)::date || '-' || i.status as billing_id,
    date_trunc('month', i.created_at)::date as month,
    i.status,
    count(*) as invoices,
    sum(i.due_cents) as invoiced_cents,
    sum(i.paid_cents) as paid_cents,
    coalesce(sum(c.charged_cents), 0) as charged_cents,
    coalesce(sum(c.refunded_cents), 0) as refunded_cents,
    count(c.charge_id) as charges
from {{ ref('stg_stripe__invoices') }} i
left join {{ ref('stg_stripe__charges') }} c on c.invoice_id = i.invoice_id and c.status = 'succeeded'
group by 1, 2, 3
