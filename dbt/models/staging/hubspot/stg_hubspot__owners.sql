select
    id as owner_id,
    firstname as first_name,
    lastname as last_name,
    email,
    createdat as created_at,
    updatedat as updated_at,
    archived as is_archived
from {{ source('raw', 'hubspot_owners') }}
