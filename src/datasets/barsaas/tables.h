/* The row logic of every barsaas table, one symbol each, and the scripts; barsaas.c lists them. */
#ifndef SG_BARSAAS_TABLES_H
#define SG_BARSAAS_TABLES_H

#include "datasets/barsaas/barsaas.h"

extern const struct bs_table_logic bs_table_products;
extern const struct bs_table_logic bs_table_pages;
extern const struct bs_table_logic bs_table_features;
extern const struct bs_table_logic bs_table_accounts;
extern const struct bs_table_logic bs_table_locations;
extern const struct bs_table_logic bs_table_users;
extern const struct bs_table_logic bs_table_devices;
extern const struct bs_table_logic bs_table_subscriptions;
extern const struct bs_table_logic bs_table_stripe_customers;
extern const struct bs_table_logic bs_table_stripe_prices;
extern const struct bs_table_logic bs_table_stripe_subscriptions;
extern const struct bs_table_logic bs_table_stripe_subscription_items;
extern const struct bs_table_logic bs_table_stripe_invoices;
extern const struct bs_table_logic bs_table_stripe_charges;
extern const struct bs_table_logic bs_table_stripe_payment_intents;
extern const struct bs_table_logic bs_table_stripe_events;
extern const struct bs_table_logic bs_table_hubspot_owners;
extern const struct bs_table_logic bs_table_hubspot_companies;
extern const struct bs_table_logic bs_table_hubspot_contacts;
extern const struct bs_table_logic bs_table_hubspot_deals;
extern const struct bs_table_logic bs_table_hubspot_engagements;
extern const struct bs_table_logic bs_table_hubspot_tickets;
extern const struct bs_table_logic bs_table_campaigns;
extern const struct bs_table_logic bs_table_campaign_performance;
extern const struct bs_table_logic bs_table_marketing_qualified_leads;
extern const struct bs_table_logic bs_table_attribution_touchpoints;
extern const struct bs_table_logic bs_table_google_analytics_sessions;
extern const struct bs_table_logic bs_table_user_sessions;
extern const struct bs_table_logic bs_table_page_views;
extern const struct bs_table_logic bs_table_feature_usage;
extern const struct bs_table_logic bs_table_tap_events;
extern const struct bs_table_logic bs_table_device_health;
extern const struct bs_table_logic bs_table_anomaly_labels;

/* SQL after the load, from sql/: views by platform and the raw contract. */
enum { BS_SCRIPT_COUNT = 5 };
extern const struct sg_script bs_scripts[BS_SCRIPT_COUNT];

/* What the views of schema raw show: raw_relations.c. */
enum { BS_RELATION_COUNT = 30 };
extern const struct sg_relation bs_relations[BS_RELATION_COUNT];

/* The declared model: statistics.c. */
enum { BS_STATISTIC_COUNT = 239 };
extern const struct sg_statistic bs_statistics[BS_STATISTIC_COUNT];

/* Sums known beforehand: totals.c. */
enum { BS_TOTAL_COUNT = 74 };
extern const struct sg_statistic bs_totals[BS_TOTAL_COUNT];
/* Pure. add_totals of struct sg_dataset. */
void bs_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums);

/* For the catalog: notes.c. */
extern const char *const bs_notes[];
extern const struct sg_figure bs_figures[];

extern const struct sg_dataset bs_dataset;

#endif
