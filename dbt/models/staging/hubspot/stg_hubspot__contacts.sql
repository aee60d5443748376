select
    id as contact_id,
    firstname as first_name,
    lastname as last_name,
    email,
    company as company_name,
    properties ->> 'lifecyclestage' as lifecycle_stage,
    (properties ->> 'hs_lead_score')::numeric as lead_score,
    (properties ->> 'hs_email_optout')::boolean as is_opted_out,
    createdat as created_at,
    updatedat as updated_at,
    archived as is_archived
from {{ source('raw', 'hubspot_contacts') }}
