select
    id as company_id,
    name as company_name,
    properties ->> 'domain' as domain,
    business_type,
    properties ->> 'lifecyclestage' as lifecycle_stage,
    (properties ->> 'numberofemployees')::integer as employee_count,
    (properties ->> 'annualrevenue')::numeric as annual_revenue,
    location_count,
    createdat as created_at,
    updatedat as updated_at,
    archived as is_archived
from {{ source('raw', 'hubspot_companies') }}
