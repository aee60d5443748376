{# The day at which history ends, as a date. #}
{% macro as_of() -%}
    {%- if var('as_of') -%} date '{{ var('as_of') }}' {%- else -%} current_date {%- endif -%}
{%- endmacro %}

{# Digits of milliseconds since 1970 as a UTC timestamp. #}
{% macro epoch_ms(digits) -%}
    to_timestamp(({{ digits }})::numeric / 1000) at time zone 'UTC'
{%- endmacro %}
