/* Pages and features as data. Names of features say their area; paths are those that readers recognise. */
#include "datasets/barsaas/activity_catalog.h"

#include "base/calendar.h"

/* Order of enum bs_area. */
static const char *const area_labels[BS_AREA_COUNT] = {
    "login",   "dashboard", "reports", "analytics", "devices", "locations", "users",    "settings",
    "billing", "support",   "home",    "product",   "pricing", "content",   "campaign", "company",
};
const struct sg_enum bs_area_enum = {"page_area", area_labels, BS_AREA_COUNT};

const struct bs_page bs_pages[BS_PAGE_COUNT] = {
    {"/login", "Sign in", BS_AREA_LOGIN, 1, 0},
    {"/dashboard", "Dashboard", BS_AREA_DASHBOARD, 100, 0},
    {"/dashboard/live", "Live taps", BS_AREA_DASHBOARD, 40, 0},
    {"/reports", "Reports", BS_AREA_REPORTS, 60, 0},
    {"/reports/daily-pour", "Daily pour report", BS_AREA_REPORTS, 36, 0},
    {"/reports/pour-cost", "Pour cost report", BS_AREA_REPORTS, 26, 0},
    {"/reports/inventory", "Keg inventory", BS_AREA_REPORTS, 34, 0},
    {"/reports/exports", "Exports", BS_AREA_REPORTS, 12, 0},
    {"/analytics", "Analytics", BS_AREA_ANALYTICS, 44, 0},
    {"/analytics/trends", "Sales trends", BS_AREA_ANALYTICS, 24, 0},
    {"/analytics/product-mix", "Product mix", BS_AREA_ANALYTICS, 18, 0},
    {"/analytics/forecast", "Demand forecast", BS_AREA_ANALYTICS, 12, 0},
    {"/devices", "Devices", BS_AREA_DEVICES, 54, 0},
    {"/devices/health", "Device health", BS_AREA_DEVICES, 30, 0},
    {"/devices/alerts", "Alerts", BS_AREA_DEVICES, 28, 0},
    {"/locations", "Locations", BS_AREA_LOCATIONS, 30, 0},
    {"/locations/detail", "Location", BS_AREA_LOCATIONS, 22, 0},
    {"/users", "Team", BS_AREA_USERS, 18, 0},
    {"/users/permissions", "Roles and permissions", BS_AREA_USERS, 8, 0},
    {"/settings", "Settings", BS_AREA_SETTINGS, 16, 0},
    {"/settings/profile", "My profile", BS_AREA_SETTINGS, 12, 0},
    {"/settings/integrations", "Integrations", BS_AREA_SETTINGS, 10, 0},
    {"/settings/automation", "Automation", BS_AREA_SETTINGS, 9, 0},
    {"/settings/api", "API access", BS_AREA_SETTINGS, 4, 0},
    {"/billing", "Billing", BS_AREA_BILLING, 12, 0},
    {"/billing/invoices", "Invoices", BS_AREA_BILLING, 10, 0},
    {"/support", "Support", BS_AREA_SUPPORT, 12, 0},
    {"/support/tickets", "My tickets", BS_AREA_SUPPORT, 8, 0},

    {"/", "Know every pour", BS_AREA_HOME, 100, 430},
    {"/product/tap-monitoring", "Tap monitoring", BS_AREA_PRODUCT, 40, 440},
    {"/product/inventory", "Keg inventory", BS_AREA_PRODUCT, 30, 450},
    {"/product/analytics", "Bar analytics", BS_AREA_PRODUCT, 24, 455},
    {"/integrations", "POS integrations", BS_AREA_PRODUCT, 20, 470},
    {"/pricing", "Plans and pricing", BS_AREA_PRICING, 55, 330},
    {"/demo", "Request a demo", BS_AREA_PRICING, 30, 290},
    {"/trial", "Start a free trial", BS_AREA_PRICING, 26, 310},
    {"/customers", "Customer stories", BS_AREA_COMPANY, 18, 420},
    {"/about", "About us", BS_AREA_COMPANY, 10, 480},
    {"/blog/pour-cost-guide", "What is pour cost?", BS_AREA_CONTENT, 45, 720},
    {"/blog/reduce-draft-waste", "Seven ways to waste less draft beer", BS_AREA_CONTENT, 34, 705},
    {"/blog/line-cleaning-schedule", "How often to clean beer lines", BS_AREA_CONTENT, 28, 735},
    {"/resources/keg-calculator", "Keg calculator", BS_AREA_CONTENT, 30, 610},
    {"/lp/free-trial", "30 days free", BS_AREA_CAMPAIGN, 30, 540},
    {"/lp/draft-savings", "Save on every keg", BS_AREA_CAMPAIGN, 26, 570},
};

/* Order of enum bs_feature_category. */
static const char *const category_labels[BS_CATEGORY_COUNT] = {
    "dashboard", "report",   "analytics",   "inventory",  "alert",
    "export",    "forecast", "integration", "automation", "api",
};
const struct sg_enum bs_category_enum = {"feature_category", category_labels, BS_CATEGORY_COUNT};

/* Indexes of pages above, as features name them. */
enum page_index {
    P_DASHBOARD = 1,
    P_LIVE = 2,
    P_REPORTS = 3,
    P_DAILY_POUR = 4,
    P_POUR_COST = 5,
    P_INVENTORY = 6,
    P_EXPORTS = 7,
    P_ANALYTICS = 8,
    P_TRENDS = 9,
    P_PRODUCT_MIX = 10,
    P_FORECAST = 11,
    P_DEVICES = 12,
    P_HEALTH = 13,
    P_ALERTS = 14,
    P_INTEGRATIONS = 21,
    P_AUTOMATION = 22,
    P_API = 23
};

#define FEATURE(name_, category_, tier_, era_, popularity_, page_, repeats_, error_)                         \
    { name_, BS_CATEGORY_##category_, BS_##tier_, era_, popularity_, P_##page_, repeats_, error_ }

const struct bs_feature bs_features[BS_FEATURE_COUNT] = {
    FEATURE("dashboard_overview", DASHBOARD, BASIC, 0, 60, DASHBOARD, 20, 540),
    FEATURE("dashboard_live_taps", DASHBOARD, BASIC, 0, 40, LIVE, 28, 1220),
    FEATURE("dashboard_device_status", DASHBOARD, BASIC, 0, 26, DEVICES, 16, 950),
    FEATURE("dashboard_custom_widgets", DASHBOARD, PRO, 24, 18, DASHBOARD, 12, 1500),
    FEATURE("report_daily_pour", REPORT, BASIC, 0, 50, DAILY_POUR, 10, 1500),
    FEATURE("report_pour_cost", REPORT, BASIC, 0, 34, POUR_COST, 8, 1630),
    FEATURE("report_waste", REPORT, BASIC, 10, 22, REPORTS, 8, 1770),
    FEATURE("report_scheduled_email", REPORT, PRO, 16, 16, REPORTS, 2, 2720),
    FEATURE("report_multi_location", REPORT, ENTERPRISE, 20, 24, REPORTS, 8, 2450),
    FEATURE("analytics_sales_trends", ANALYTICS, BASIC, 0, 40, TRENDS, 14, 2040),
    FEATURE("analytics_product_mix", ANALYTICS, BASIC, 4, 28, PRODUCT_MIX, 12, 2040),
    FEATURE("analytics_staff_performance", ANALYTICS, PRO, 28, 20, ANALYTICS, 8, 2310),
    FEATURE("analytics_benchmarking", ANALYTICS, ENTERPRISE, 38, 18, ANALYTICS, 6, 2860),
    FEATURE("inventory_keg_levels", INVENTORY, BASIC, 0, 50, INVENTORY, 18, 1360),
    FEATURE("inventory_stock_count", INVENTORY, PRO, 8, 24, INVENTORY, 24, 1900),
    FEATURE("inventory_reorder", INVENTORY, BASIC, 12, 22, INVENTORY, 4, 2580),
    FEATURE("inventory_supplier_orders", INVENTORY, PRO, 30, 16, INVENTORY, 4, 3540),
    FEATURE("alert_temperature", ALERT, BASIC, 0, 38, ALERTS, 8, 1220),
    FEATURE("alert_keg_low", ALERT, BASIC, 0, 36, ALERTS, 10, 1090),
    FEATURE("alert_line_cleaning", ALERT, BASIC, 18, 20, ALERTS, 4, 1360),
    FEATURE("alert_custom_rules", ALERT, PRO, 22, 16, ALERTS, 6, 2580),
    FEATURE("export_csv", EXPORT, BASIC, 0, 40, EXPORTS, 6, 3130),
    FEATURE("export_pdf", EXPORT, BASIC, 6, 30, EXPORTS, 4, 3540),
    FEATURE("export_scheduled", EXPORT, PRO, 26, 16, EXPORTS, 2, 4080),
    FEATURE("forecast_demand", FORECAST, PRO, 33, 30, FORECAST, 6, 3260),
    FEATURE("forecast_staffing", FORECAST, ENTERPRISE, 45, 24, FORECAST, 6, 3670),
    FEATURE("integration_pos_sync", INTEGRATION, PRO, 5, 40, INTEGRATIONS, 30, 5850),
    FEATURE("integration_accounting", INTEGRATION, PRO, 21, 22, INTEGRATIONS, 10, 6260),
    FEATURE("integration_payroll", INTEGRATION, ENTERPRISE, 40, 16, INTEGRATIONS, 8, 6800),
    FEATURE("automation_line_cleaning", AUTOMATION, PRO, 27, 24, AUTOMATION, 6, 3400),
    FEATURE("automation_happy_hour", AUTOMATION, PRO, 36, 22, AUTOMATION, 6, 3810),
    FEATURE("automation_price_rules", AUTOMATION, ENTERPRISE, 42, 20, AUTOMATION, 8, 4350),
    FEATURE("automation_firmware_update", AUTOMATION, BASIC, 14, 10, HEALTH, 4, 5170),
    FEATURE("api_read_access", API, ENTERPRISE, 9, 40, API, 90, 4900),
    FEATURE("api_webhooks", API, ENTERPRISE, 35, 24, API, 60, 5710),
    FEATURE("api_bulk_export", API, ENTERPRISE, 48, 14, API, 30, 5980),
};

int64_t bs_feature_launched(const struct sg_world *world, unsigned feature) {
    int32_t first_day = world->run.as_of_day - BS_HISTORY_DAYS;
    int32_t era = bs_features[feature].launch_era;
    /* The founding features came a little before the first account. */
    int32_t day = era ? first_day + era * BS_ERA_DAYS : first_day - BS_ERA_DAYS;
    return (int64_t)day * SG_DAY_S;
}
