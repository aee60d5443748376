-- Raw contract, HubSpot: names, columns, types and order are the contract's (createdAt folds to createdat).
--
-- Plain columns repeat what the properties hold, as text or from the table's own columns where those exist.

CREATE SCHEMA IF NOT EXISTS raw;

-- Nothing is known of a prospect's places.
CREATE VIEW raw.hubspot_companies AS
SELECT c.id::varchar(50) AS id,
       c.properties::jsonb AS properties,
       c.name::varchar(255) AS name,
       lower(c.properties::jsonb ->> 'industry')::varchar(100) AS business_type,
       a.location_count::integer AS location_count,
       (c.created_at AT TIME ZONE 'UTC')::date AS created_date,
       c.created_at AT TIME ZONE 'UTC' AS createdAt,
       c.updated_at AT TIME ZONE 'UTC' AS updatedAt,
       c.archived,
       c.created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_companies c
LEFT JOIN {schema}.accounts a ON a.id = c.account_id;

CREATE VIEW raw.hubspot_contacts AS
SELECT id::varchar(50) AS id,
       properties::jsonb AS properties,
       (properties::jsonb ->> 'firstname')::varchar(100) AS firstName,
       (properties::jsonb ->> 'lastname')::varchar(100) AS lastName,
       email::varchar(255) AS email,
       (properties::jsonb ->> 'company')::varchar(255) AS company,
       (properties::jsonb ->> 'phone')::varchar(50) AS phone,
       created_at AT TIME ZONE 'UTC' AS createdAt,
       updated_at AT TIME ZONE 'UTC' AS updatedAt,
       archived,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_contacts;

CREATE VIEW raw.hubspot_deals AS
SELECT id::varchar(50) AS id,
       properties::jsonb AS properties,
       jsonb_build_object('companyIds', jsonb_build_array(company_id),
                          'contactIds', jsonb_build_array(contact_id),
                          'ownerIds', jsonb_build_array(owner_id)) AS associations,
       (properties::jsonb ->> 'dealname')::varchar(255) AS dealname,
       amount::numeric(12,2) AS amount,
       stage::varchar(100) AS dealstage,
       (properties::jsonb ->> 'pipeline')::varchar(100) AS pipeline,
       close_date AS closedate,
       created_at AT TIME ZONE 'UTC' AS createdAt,
       updated_at AT TIME ZONE 'UTC' AS updatedAt,
       archived,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_deals;

CREATE VIEW raw.hubspot_engagements AS
SELECT e.id::varchar(50) AS id,
       jsonb_build_object('id', e.id, 'portalId', e.portal_id, 'active', e.active, 'type', e.type,
                          'ownerId', e.owner_id,
                          'timestamp', extract(epoch FROM e.created_at)::bigint * 1000,
                          'createdAt', extract(epoch FROM e.created_at)::bigint * 1000,
                          'lastUpdated', extract(epoch FROM e.updated_at)::bigint * 1000) AS engagement,
       jsonb_build_object('companyIds', jsonb_build_array(d.company_id),
                          'contactIds', jsonb_build_array(e.contact_id),
                          'dealIds', jsonb_build_array(e.deal_id),
                          'ownerIds', jsonb_build_array(e.owner_id)) AS associations,
       e.metadata::jsonb AS metadata,
       e.created_at AT TIME ZONE 'UTC' AS createdAt,
       e.updated_at AT TIME ZONE 'UTC' AS updatedAt,
       e.created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_engagements e
LEFT JOIN {schema}.hubspot_deals d ON d.id = e.deal_id;

CREATE VIEW raw.hubspot_owners AS
SELECT id::varchar(50) AS id,
       email::varchar(255) AS email,
       first_name::varchar(100) AS firstName,
       last_name::varchar(100) AS lastName,
       user_id AS userId,
       created_at AT TIME ZONE 'UTC' AS createdAt,
       updated_at AT TIME ZONE 'UTC' AS updatedAt,
       archived,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_owners;

CREATE VIEW raw.hubspot_tickets AS
SELECT id::varchar(50) AS id,
       properties::jsonb AS properties,
       jsonb_build_object('companyIds', jsonb_build_array(company_id),
                          'contactIds', jsonb_build_array(contact_id),
                          'ownerIds', jsonb_build_array(owner_id)) AS associations,
       (properties::jsonb ->> 'subject')::varchar(500) AS subject,
       properties::jsonb ->> 'content' AS content,
       (properties::jsonb ->> 'hs_pipeline')::varchar(100) AS hs_pipeline,
       stage::varchar(100) AS hs_pipeline_stage,
       priority::varchar(50) AS hs_ticket_priority,
       created_at AT TIME ZONE 'UTC' AS createdate,
       updated_at AT TIME ZONE 'UTC' AS hs_lastmodifieddate,
       archived,
       created_at AT TIME ZONE 'UTC' AS created_at
FROM {schema}.hubspot_tickets;
