select
    id as tap_event_id,
    device_id,
    location_id,
    "timestamp" as tapped_at,
    event_type,
    status,
    device_category,
    metrics ->> 'product' as product,
    metrics ->> 'product_category' as product_category,
    (metrics ->> 'volume_ml')::numeric as volume_ml,
    (metrics ->> 'temperature_c')::numeric as temperature_c,
    (metrics ->> 'pressure_psi')::numeric as pressure_psi,
    (metrics ->> 'flow_rate_ml_per_sec')::numeric as flow_ml_per_s,
    (metrics ->> 'duration_seconds')::numeric as duration_s
from {{ source('raw', 'app_database_tap_events') }}
