select
    id as location_id,
    customer_id as account_id,
    name as location_name,
    location_type,
    size,
    city,
    state,
    zip_code,
    latitude,
    longitude,
    capacity,
    expected_device_count,
    install_date as first_installed_on,
    is_active,
    created_at,
    updated_at
from {{ source('raw', 'app_database_locations') }}
