"""The raw contract: 30 relations with the contract's names, columns, types and order, and what their readers rely on,
proven on every row of a small loaded run.
timeout: 300
processors: 2
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import support

CONTRACT = pathlib.Path(__file__).parent / "raw_contract.tsv"

# Columns in which the dataset has nothing to say: Stripe Connect, discounts, disputes, reviews, schedules, Stripe's
# older sources, and failed charges (failed attempts are told by events and intents).
EMPTY = {
    "stripe_subscriptions": {"application_fee_percent", "days_until_due", "discount",
                             "next_pending_invoice_item_invoice", "pending_invoice_item_interval",
                             "pending_setup_intent", "pending_update", "schedule"},
    "stripe_subscription_items": {"billing_thresholds"},
    "stripe_invoices": {"application_fee_amount", "custom_fields", "default_source", "discount", "footer",
                        "last_finalization_error", "on_behalf_of", "transfer_data"},
    "stripe_charges": {"application", "application_fee", "application_fee_amount", "destination", "dispute",
                       "failure_code", "failure_message", "on_behalf_of", "order_id", "review", "shipping", "source",
                       "source_transfer", "statement_descriptor_suffix", "transfer_data", "transfer_group"},
    "stripe_payment_intents": {"application", "application_fee_amount", "next_action", "on_behalf_of", "review",
                               "shipping", "statement_descriptor_suffix", "transfer_data", "transfer_group"},
}

# JSON text that readers cast without a guard: relation -> (expression, type); a leading '!' demands a value in every row.
CASTS = {
    "app_database_tap_events": [
        ("!metrics->>'volume_ml'", "float"), ("!metrics->>'temperature_c'", "float"),
        ("!metrics->>'pressure_psi'", "float"), ("!metrics->>'flow_rate_ml_per_sec'", "float"),
        ("!metrics->>'duration_seconds'", "float")],
    "hubspot_companies": [
        ("!properties->>'numberofemployees'", "int"), ("!properties->>'num_associated_deals'", "int"),
        ("!properties->>'hs_analytics_num_page_views'", "int"), ("!properties->>'hs_analytics_num_visits'", "int"),
        ("!properties->>'annualrevenue'", "decimal"), ("!properties->>'total_revenue'", "decimal"),
        ("!properties->>'createdate'", "epoch"), ("!properties->>'hs_lastmodifieddate'", "epoch"),
        ("!properties->>'hs_analytics_first_visit_timestamp'", "epoch"),
        ("!properties->>'hs_analytics_last_visit_timestamp'", "epoch")],
    "hubspot_contacts": [
        ("!properties->>'hubspotscore'", "numeric"), ("!properties->>'hs_lead_score'", "numeric"),
        ("!properties->>'hs_email_optout'", "boolean"), ("!properties->>'hs_email_bounce'", "boolean"),
        ("!properties->>'hs_sequences_is_enrolled'", "boolean")],
    "hubspot_deals": [
        ("!properties->>'hs_deal_stage_probability'", "numeric"), ("!properties->>'num_notes'", "int")],
    "hubspot_engagements": [
        ("!engagement->>'type'", "text"), ("!engagement->>'timestamp'", "epoch"), ("!engagement->>'ownerId'", "int"),
        ("metadata->>'durationMilliseconds'", "bigint")],
    "hubspot_tickets": [("properties->>'closed_date'", "epoch")],
    "stripe_subscription_items": [
        ("!price->>'id'", "text"), ("!price->>'unit_amount'", "int"), ("!price->>'currency'", "text"),
        ("!price->>'type'", "text"), ("!price->>'product'", "text"), ("!price->'recurring'->>'interval'", "text"),
        ("!price->'recurring'->>'interval_count'", "int"), ("price->'metadata'->>'max_devices'", "int"),
        ("price->'metadata'->>'max_locations'", "int")],
    "stripe_charges": [
        ("!payment_method_details->>'type'", "text"), ("payment_method_details->'card'->>'brand'", "text"),
        ("payment_method_details->'card'->>'last4'", "text"),
        ("payment_method_details->'card'->>'exp_month'", "int"),
        ("payment_method_details->'card'->>'exp_year'", "int"), ("!outcome->>'risk_level'", "text"),
        ("!outcome->>'risk_score'", "int"), ("!billing_details->'address'->>'city'", "text"),
        ("!billing_details->'address'->>'country'", "text"), ("!billing_details->'address'->>'line1'", "text"),
        ("!billing_details->'address'->>'postal_code'", "text"), ("!billing_details->'address'->>'state'", "text"),
        ("!metadata->>'account_id'", "int")],
    "stripe_customers": [("!metadata->>'account_id'", "int")],
    "stripe_subscriptions": [("!metadata->>'account_id'", "int"), ("!items->'data'->0->>'id'", "text")],
    "stripe_payment_intents": [("!metadata->>'account_id'", "int"),
                               ("!jsonb_array_length(charges->'data')", "int")],
    "stripe_invoices": [("!lines->'data'->0->>'amount'", "int"),
                        ("!status_transitions->>'finalized_at'", "bigint")],
    "stripe_events": [("!data->'object'->>'id'", "text"), ("!data->'object'->>'object'", "text"),
                      ("request->>'id'", "text")],
}

AREAS = "report analytics export api integration automation alert dashboard inventory forecast".split()
PATHS = "dashboard reports settings devices locations users analytics billing support login".split()

# (relation, expression, recognised values, those of them that a run of this size must show).
VALUES = [
    ("app_database_accounts", "status", "active trial churned suspended", "active trial churned"),
    ("app_database_locations", "country", "US", "US"),
    ("app_database_locations", "size", "small medium large enterprise", "small medium large"),
    ("app_database_devices", "status", "online offline maintenance error", "online offline maintenance"),
    ("app_database_devices", "device_type", "tap_controller sensor gateway", "tap_controller sensor gateway"),
    ("app_database_subscriptions", "status", "active trial pending superseded expired churned",
     "active trial superseded churned"),
    ("app_database_subscriptions", "billing_cycle", "monthly quarterly annual", "monthly annual"),
    ("app_database_tap_events", "event_type", "pour clean error maintenance calibration",
     "pour clean error maintenance calibration"),
    ("app_database_tap_events", "status", "success error", "success error"),
    ("app_database_feature_usage", "split_part(feature_name, '_', 1)", " ".join(AREAS), " ".join(AREAS)),
    ("app_database_user_sessions", "device_type", "desktop mobile tablet", "desktop mobile tablet"),
    ("app_database_page_views", "substring(page_url FROM '^https://[a-z.]+/([a-z]+)')", " ".join(PATHS),
     " ".join(PATHS)),
    ("stripe_subscriptions", "status", "active trialing past_due canceled unpaid", "active trialing canceled"),
    ("stripe_invoices", "status", "paid open draft void uncollectible", "paid"),
    ("stripe_charges", "status", "succeeded failed", "succeeded"),
    ("stripe_events", "CASE WHEN type LIKE 'customer.subscription.%' THEN 'customer.subscription' "
                      "ELSE split_part(type, '.', 1) END",
     "customer invoice charge payment_intent customer.subscription",
     "customer invoice charge payment_intent customer.subscription"),
    ("hubspot_companies", "properties->>'lifecyclestage'",
     "customer opportunity salesqualifiedlead marketingqualifiedlead lead subscriber", "customer"),
    ("hubspot_contacts", "properties->>'lifecyclestage'",
     "customer opportunity salesqualifiedlead marketingqualifiedlead lead subscriber", "customer"),
    ("hubspot_deals", "dealstage", "appointmentscheduled qualifiedtobuy presentationscheduled decisionmakerboughtin "
                                   "contractsent closedwon closedlost", "closedwon closedlost"),
    ("hubspot_tickets", "hs_pipeline_stage", "new waiting_on_contact waiting_on_us in_progress closed", "closed"),
    ("attribution_touchpoints", "channel", "organic paid_search paid_social email direct referral",
     "organic paid_search paid_social email direct referral"),
    ("google_ads_campaigns", "CASE WHEN end_date > date '2026-06-30' THEN status END", "ENABLED", "ENABLED"),
    ("facebook_ads_campaigns", "CASE WHEN stop_time > date '2026-06-30' THEN status END", "ACTIVE", "ACTIVE"),
    ("linkedin_ads_campaigns", "CASE WHEN end_date > date '2026-06-30' THEN status END", "ACTIVE", ""),
    ("iterable_campaigns", "CASE WHEN ended_at IS NULL THEN status END", "ACTIVE", ""),
]

# Subscriptions have their id from Stripe's; devices join eight models, which no key proves unique.
JOINED = {"app_database_subscriptions", "app_database_devices"}

CAMPAIGNS = ("(SELECT id FROM raw.google_ads_campaigns UNION ALL SELECT id FROM raw.facebook_ads_campaigns UNION ALL "
             "SELECT id FROM raw.linkedin_ads_campaigns UNION ALL SELECT id FROM raw.iterable_campaigns)")
RANGES = [
    ("hubspot_deals", "(properties->>'hs_deal_stage_probability')::numeric", 0, 100),
    ("stripe_charges", "(outcome->>'risk_score')::int", 0, 100),
    ("attribution_touchpoints", "attribution_weight", 0, 1),
    ("marketing_qualified_leads", "mql_score", 0, 1),
    ("marketing_qualified_leads", "engagement_score", 0, 1),
    ("marketing_qualified_leads", "conversion_probability", 0, 1),
    ("google_analytics_sessions", "bounce_rate", 0, 1),
    ("google_analytics_sessions", "goal_conversion_rate", 0, 1),
]

# What must find nothing: name -> a query for offending rows.
NOTHING = {
    "account ids are decimal text":
        "SELECT id FROM raw.app_database_accounts WHERE id !~ '^[1-9][0-9]*$'",
    "leads of accounts join to their text ids":
        "SELECT m.id FROM raw.marketing_qualified_leads m LEFT JOIN raw.app_database_accounts a "
        "ON a.id = m.account_id::text WHERE m.account_id IS NOT NULL AND a.id IS NULL",
    "leads join to their contacts":
        "SELECT m.id FROM raw.marketing_qualified_leads m LEFT JOIN raw.hubspot_contacts c "
        "ON c.id = m.contact_id::text WHERE c.id IS NULL",
    "every app subscription is a Stripe subscription of the same account, and the reverse":
        "SELECT s.id, p.id FROM raw.app_database_subscriptions s FULL JOIN raw.stripe_subscriptions p ON p.id = s.id "
        "AND p.metadata->>'account_id' = s.customer_id WHERE s.id IS NULL OR p.id IS NULL",
    "both rows of a subscription begin alike and cost the same":
        "SELECT s.id FROM raw.app_database_subscriptions s JOIN raw.stripe_subscriptions p USING (id) "
        "JOIN (SELECT subscription, sum(quantity * (price->>'unit_amount')::int) AS cents "
        "FROM raw.stripe_subscription_items GROUP BY 1) i ON i.subscription = p.id "
        "WHERE s.start_date <> p.start_date::date OR s.monthly_price * 100 <> i.cents "
        "OR s.monthly_amount * CASE s.billing_cycle WHEN 'annual' THEN 12 ELSE 1 END <> s.monthly_price",
    "what refers to a subscription shows its sub_ id":
        "SELECT subscription FROM raw.stripe_invoices WHERE subscription NOT IN (SELECT id FROM "
        "raw.app_database_subscriptions) OR subscription NOT LIKE 'sub\\_%' UNION ALL SELECT subscription FROM "
        "raw.stripe_subscription_items WHERE subscription NOT IN (SELECT id FROM raw.app_database_subscriptions)",
    "one current app subscription per account":
        "SELECT customer_id FROM raw.app_database_subscriptions WHERE lower(status) IN ('active', 'trial', 'pending') "
        "GROUP BY 1 HAVING count(*) > 1",
    "an end date is the last row of a lost account":
        "SELECT s.id FROM raw.app_database_subscriptions s JOIN raw.app_database_accounts a ON a.id = s.customer_id "
        "WHERE s.end_date IS NOT NULL AND (a.status <> 'churned' OR EXISTS (SELECT FROM "
        "raw.app_database_subscriptions n WHERE n.customer_id = s.customer_id AND n.created_at > s.created_at))",
    "every lost account has one end date":
        "SELECT a.id FROM raw.app_database_accounts a LEFT JOIN raw.app_database_subscriptions s "
        "ON s.customer_id = a.id AND s.end_date IS NOT NULL WHERE a.status = 'churned' GROUP BY 1 "
        "HAVING count(s.id) <> 1",
    "a row without an end date that is not current is superseded":
        "SELECT id FROM raw.app_database_subscriptions WHERE end_date IS NULL "
        "AND status NOT IN ('active', 'trial', 'pending', 'superseded')",
    "campaign ids are distinct over the platforms":
        f"SELECT id FROM {CAMPAIGNS} c GROUP BY 1 HAVING count(*) > 1",
    "every campaign of a touchpoint is one of a platform":
        f"SELECT t.id FROM raw.attribution_touchpoints t LEFT JOIN {CAMPAIGNS} c ON c.id = t.campaign_id "
        "WHERE t.campaign_id IS NOT NULL AND (c.id IS NULL OR t.campaign_name IS NULL)",
    "every campaign of a lead is one of a platform":
        f"SELECT m.id FROM raw.marketing_qualified_leads m LEFT JOIN {CAMPAIGNS} c ON c.id = m.campaign_id "
        "WHERE m.campaign_id IS NOT NULL AND c.id IS NULL",
    "organic, direct and referral touches have no campaign":
        "SELECT id FROM raw.attribution_touchpoints WHERE (campaign_id IS NULL) <> "
        "(channel IN ('organic', 'direct', 'referral'))",
    "every touch belongs to a lead and is not after its date":
        "SELECT t.id FROM raw.attribution_touchpoints t LEFT JOIN raw.marketing_qualified_leads m ON m.id = t.mql_id "
        "WHERE m.id IS NULL OR t.touchpoint_date > m.mql_date",
    "the weights of a journey sum to one":
        "SELECT mql_id FROM raw.attribution_touchpoints GROUP BY 1 HAVING sum(attribution_weight) <> 1",
    "a device keeps one location":
        "SELECT device_id FROM raw.app_database_tap_events GROUP BY 1 HAVING count(DISTINCT location_id) > 1",
    "a tap event's device and category are the device's":
        "SELECT t.id FROM raw.app_database_tap_events t LEFT JOIN raw.app_database_devices d ON d.id = t.device_id "
        "AND d.location_id = t.location_id WHERE d.category IS DISTINCT FROM t.device_category",
    "only errors have status error":
        "SELECT id FROM raw.app_database_tap_events WHERE (event_type = 'error') <> (status = 'error')",
    "devices, users, sessions belong to accounts":
        "SELECT x FROM (SELECT customer_id AS x FROM raw.app_database_devices UNION SELECT customer_id FROM "
        "raw.app_database_users UNION SELECT customer_id FROM raw.app_database_user_sessions UNION SELECT customer_id "
        "FROM raw.app_database_page_views UNION SELECT customer_id FROM raw.app_database_feature_usage UNION SELECT "
        "customer_id FROM raw.app_database_locations UNION SELECT metadata->>'account_id' FROM raw.stripe_customers) u "
        "WHERE x NOT IN (SELECT id FROM raw.app_database_accounts)",
    "hardware addresses are unique":
        "SELECT mac_address FROM raw.app_database_devices GROUP BY 1 HAVING count(*) > 1",
    "devices of one place have different network addresses":
        "SELECT location_id FROM raw.app_database_devices GROUP BY 1 HAVING count(*) <> count(DISTINCT ip_address)",
    "a page's referrer is seen before in the same session":
        "SELECT v.page_view_id FROM raw.app_database_page_views v WHERE referrer_url IS NOT NULL AND NOT EXISTS "
        "(SELECT FROM raw.app_database_page_views b WHERE b.session_id = v.session_id AND b.page_url = v.referrer_url "
        "AND b.timestamp <= v.timestamp)",
    "an invoice's charge and intent name the invoice":
        "SELECT v.id FROM raw.stripe_invoices v LEFT JOIN raw.stripe_charges h ON h.id = v.charge "
        "LEFT JOIN raw.stripe_payment_intents i ON i.id = v.payment_intent WHERE i.invoice IS DISTINCT FROM v.id "
        "OR (v.status = 'paid') <> (h.id IS NOT NULL) OR h.invoice <> v.id OR h.payment_intent <> i.id "
        "OR h.amount <> v.amount_paid OR jsonb_array_length(i.charges->'data') <> v.paid::int "
        "OR i.charges->'data'->0->>'id' <> h.id",
    "an invoice's lines sum to its total":
        "SELECT v.id FROM raw.stripe_invoices v, LATERAL (SELECT sum((l->>'amount')::int) AS cents "
        "FROM jsonb_array_elements(v.lines->'data') l) x WHERE x.cents <> v.total",
    "the latest invoice is the subscription's last":
        "SELECT s.id FROM raw.stripe_subscriptions s LEFT JOIN (SELECT subscription, max(period_start) AS last FROM "
        "raw.stripe_invoices GROUP BY 1) m ON m.subscription = s.id LEFT JOIN raw.stripe_invoices v "
        "ON v.id = s.latest_invoice WHERE v.period_start IS DISTINCT FROM m.last OR v.subscription <> s.id",
    "events name objects that exist":
        "SELECT e.id FROM raw.stripe_events e WHERE e.data->'object'->>'id' NOT IN (SELECT id FROM raw.stripe_customers "
        "UNION ALL SELECT id FROM raw.stripe_subscriptions UNION ALL SELECT id FROM raw.stripe_invoices UNION ALL "
        "SELECT id FROM raw.stripe_charges UNION ALL SELECT id FROM raw.stripe_payment_intents)",
    "engagements lead to companies, deals, contacts and owners":
        "SELECT e.id FROM raw.hubspot_engagements e LEFT JOIN raw.hubspot_deals d "
        "ON d.id = e.associations->'dealIds'->>0 LEFT JOIN raw.hubspot_companies c "
        "ON c.id = e.associations->'companyIds'->>0 LEFT JOIN raw.hubspot_contacts p "
        "ON p.id = e.associations->'contactIds'->>0 LEFT JOIN raw.hubspot_owners o ON o.id = e.engagement->>'ownerId' "
        "WHERE d.id IS NULL OR c.id IS NULL OR p.id IS NULL OR o.id IS NULL",
    "the roll-up counts every web session":
        "SELECT 1 FROM (SELECT sum(sessions) AS n, sum(page_views) AS views FROM raw.google_analytics_sessions) r, "
        "(SELECT count(*) AS n, sum(page_views) AS views FROM barsaas.google_analytics_sessions) s "
        "WHERE r.n <> s.n OR r.views <> s.views",
    "timestamps are UTC":
        "SELECT a.id FROM raw.app_database_accounts a JOIN barsaas.accounts b ON b.id::text = a.id "
        "WHERE extract(epoch FROM a.created_at) <> extract(epoch FROM b.created_at)",
}


def contract():
    """Relation -> its columns in order: (name, type, 'key', 'not null' or '')."""
    relations = collections.defaultdict(list)
    for line in CONTRACT.read_text().splitlines()[1:]:
        relation, position, column, kind, null = line.split("\t")
        assert int(position) == len(relations[relation]) + 1
        relations[relation].append((column, kind, null))
    return dict(relations)


class RawContract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.folder.chmod(0o755)  # the server's user must get in when tests run as root
        out = cls.folder / "out"
        result = support.run("run", "--accounts", 100, *support.SEED, "--load", "--quiet", "--out", out, timeout=250)
        stop = re.search(r"^ *stop: +(.*)$", result.stdout, re.M)
        if stop:
            cls.addClassCleanup(subprocess.run, stop[1], shell=True, capture_output=True)
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.connect = re.search(r"^ *connect: +psql (.*)$", result.stdout, re.M)[1].split()

    def ask(self, sql, zone="Asia/Kolkata"):
        """Rows as lists of JSON values. The session's zone is not UTC: nothing may depend on it."""
        sql = f"SET timezone = '{zone}'; SELECT coalesce(json_agg(q), '[]') FROM ({sql}) q"
        result = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *self.connect, "-c", sql],
                                env=support.environment(), capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, f"{sql}\n{result.stderr}")
        return [list(row.values()) for row in json.loads(result.stdout)]

    def test_relations_have_the_contracts_columns(self):
        found = collections.defaultdict(list)
        for relation, column, kind in self.ask(
                "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a "
                "ON a.attrelid = c.oid WHERE c.relnamespace = 'raw'::regnamespace AND a.attnum > 0 "
                "AND NOT a.attisdropped ORDER BY 1, a.attnum"):
            found[relation].append((column, kind))
        wanted = {relation: [column[:2] for column in columns] for relation, columns in contract().items()}
        self.assertEqual(len(wanted), 30)
        self.assertEqual(sorted(found), sorted(wanted))
        for relation, columns in wanted.items():
            with self.subTest(relation):
                self.assertEqual(found[relation], columns)

    def test_columns_are_filled(self):
        for relation, columns in contract().items():
            counts = ", ".join(f'count("{name}") AS "{name}"' for name, _, _ in columns)
            keys = ", ".join(f'count(DISTINCT "{name}") AS "key {name}"' for name, _, null in columns if null == "key")
            row = self.ask(f"SELECT count(*) AS rows, {counts}, {keys} FROM raw.{relation}")[0]
            with self.subTest(relation):
                self.assertGreater(row[0], 0)
                for (name, _, null), filled in zip(columns, row[1:]):
                    if null:
                        self.assertEqual(filled, row[0], name)
                self.assertEqual(row[1 + len(columns)], row[0], "keys are unique")
                empty = {name for (name, _, _), filled in zip(columns, row[1:]) if filled == 0}
                self.assertEqual(empty, EMPTY.get(relation, set()))

    def cast_counts(self, relation):
        """Casts every row; gives rows, and per cast the filled ones and those that are no 13-digit milliseconds."""
        columns = []
        for number, (expression, kind) in enumerate(CASTS[relation]):
            expression = expression.lstrip("!")
            cast = f"({expression})::{'bigint' if kind == 'epoch' else kind}"
            wrong = f"{expression} !~ '^[0-9]{{13}}$'" if kind == "epoch" else "false"
            columns.append(f"count({cast}) AS c{number}, count(*) FILTER (WHERE {wrong}) AS e{number}")
        row = self.ask(f"SELECT count(*) AS rows, {', '.join(columns)} FROM raw.{relation}")[0]
        return row[0], list(zip(row[1::2], row[2::2]))

    def test_unguarded_casts_work_on_every_row(self):
        for relation, casts in CASTS.items():
            with self.subTest(relation):
                rows, counts = self.cast_counts(relation)
                for (expression, _), (filled, wrong) in zip(casts, counts):
                    self.assertGreater(filled, 0, expression)
                    self.assertEqual(wrong, 0, f"{expression}: not 13 digits of milliseconds")
                    if expression.startswith("!"):
                        self.assertEqual(filled, rows, expression)

    def test_nothing_depends_on_the_zone_of_the_session(self):
        for relation, columns in contract().items():
            sums = [f"sum(extract(epoch FROM \"{name}\"::timestamp)) AS \"{name}\"" for name, kind, _ in columns
                    if kind.startswith(("timestamp", "date"))]
            if sums:
                with self.subTest(relation):
                    sql = f"SELECT {', '.join(sums)} FROM raw.{relation}"
                    self.assertEqual(self.ask(sql, "America/Los_Angeles"), self.ask(sql))

    def test_lookups_that_a_query_does_not_read_are_left_out(self):
        for relation, columns in contract().items():
            with self.subTest(relation):
                plan = self.plan(f"SELECT count({columns[0][0]}) FROM raw.{relation}")
                self.assertEqual(" Join" in plan, relation in JOINED, plan)

    def plan(self, sql):
        result = subprocess.run(["psql", "-XAtq", *self.connect, "-c", f"EXPLAIN {sql}"], env=support.environment(),
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_values_are_the_recognised_ones(self):
        for relation, expression, recognised, shown in VALUES:
            with self.subTest(f"{relation} {expression}"):
                found = {value for value, in self.ask(f"SELECT DISTINCT {expression} AS v FROM raw.{relation}")}
                found.discard(None)
                self.assertLessEqual(found, set(recognised.split()))
                self.assertLessEqual(set(shown.split()), found)

    def test_scores_and_shares_are_in_their_range(self):
        for relation, expression, low, high in RANGES:
            with self.subTest(f"{relation} {expression}"):
                least, most = self.ask(f"SELECT min({expression}) AS low, max({expression}) AS high "
                                       f"FROM raw.{relation}")[0]
                self.assertGreaterEqual(least, low)
                self.assertLessEqual(most, high)
                self.assertLess(least, most)

    def test_relations_agree_with_each_other(self):
        for name, sql in NOTHING.items():
            with self.subTest(name):
                self.assertEqual(self.ask(f"SELECT * FROM ({sql}) offending LIMIT 3"), [])

    def test_campaigns_of_the_platforms_are_all_campaigns(self):
        platforms = "google facebook linkedin iterable".split()
        counts = [self.ask(f"SELECT count(*) FROM barsaas.{platform}{'' if platform == 'iterable' else '_ads'}_campaigns")
                  [0][0] for platform in platforms]
        self.assertEqual(counts, [10, 8, 5, 2])


if __name__ == "__main__":
    unittest.main()
