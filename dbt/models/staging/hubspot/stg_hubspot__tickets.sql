select
    id as ticket_id,
    associations -> 'companyIds' ->> 0 as company_id,
    associations -> 'contactIds' ->> 0 as contact_id,
    associations -> 'ownerIds' ->> 0 as owner_id,
    subject,
    hs_pipeline as pipeline,
    hs_pipeline_stage as stage,
    hs_ticket_priority as priority,
    createdate as created_at,
    {{ epoch_ms("properties ->> 'closed_date'") }} as closed_at,
    hs_lastmodifieddate as updated_at
from {{ source('raw', 'hubspot_tickets') }}
