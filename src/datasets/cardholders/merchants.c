/* Where the cards are used: 24 invented merchants of each category, the best known first. */
#include "datasets/cardholders/cardholders.h"

/* clang-format off */
static const char *const merchants[CH_MERCHANT_COUNT] = {
    /* Travel */
    "Wayfarer Trips", "Bluegate Car Rental", "Northline Rail", "Tripwell", "Harborview Cruises", "Roamly", "Metro Cab Co-op",
    "Compass Tours", "Open Road Rentals", "Skyport Parking", "Atlas Travel Desk", "Ferryland", "Passport Point", "Coastal Shuttle",
    "Summit Excursions", "Globe & Trail", "Ridewise", "Terminal Lounge Club", "Horizon Getaways", "Silver Coach Lines",
    "Island Hopper Tours", "Vista Car Hire", "Nomad Insurance Desk", "Canyon Rail Tours",
    /* Dining */
    "Copper Kettle Coffee", "Burger Junction", "Tavola Rossa", "Green Fork Salads", "Lucky Wok", "Maple Street Diner", "Taco Lantern",
    "Blue Plate Grill", "Sakura House", "Stonefire Pizza", "The Corner Bistro", "Saffron Table", "Bayou Kitchen", "Rise & Crumb Bakery",
    "Oak Barrel Steakhouse", "Noodle Harbor", "Sunny Side Cafe", "Olive & Thyme", "Smokehouse 44", "Pho Garden", "Juniper Brasserie",
    "Midtown Deli", "Crab Shack Row", "Velvet Spoon Creamery",
    /* Hotels */
    "Lakeside Inn & Suites", "Grand Meridian Hotel", "Stayfield Hotels", "Harbor Lights Resort", "Cedar Lodge", "The Linden House",
    "Parkway Suites", "Royal Palm Resort", "Northstar Inn", "Brightstone Hotel", "Old Mill Hotel", "Cityloft Hotels", "Sandpiper Resort",
    "Alpine Crest Lodge", "Union Square Hotel", "Restwell Inn", "Magnolia Court", "Bayfront Suites", "Desert Rose Resort", "The Carrington",
    "Riverwalk Hotel", "Pinecone Cabins", "Airport Comfort Stay", "Gaslight Boutique Hotel",
    /* Airlines */
    "Meridian Air", "Pacific Crest Airlines", "Eastwind Airways", "Bluebird Air", "TransNational Airlines", "Aurora Airways", "Skylark Air",
    "Greatwater Air", "Sunbelt Airlines", "Continental Star", "Highland Air", "Gulfstream Regional", "Redwood Air", "Capital Airways",
    "Northern Cross Air", "Lone Star Express", "Crescent Air", "Islander Airways", "Polaris Air", "Liberty Jet", "Falcon Airways",
    "Mesa Wings", "Evergreen Airlines", "Oceanic Bridge Air",
    /* Retail */
    "Marketfair", "Everhome", "Threadworks", "Bright Basket", "Circuit Harbor", "Pagebound Books", "Sole Station", "Urban Larder Goods",
    "Northwood Outfitters", "Gadget Loft", "Willow & Pine", "Playpen Toys", "Hearth & Hand", "Denim Yard", "Toolbench", "Petal Florists",
    "Kidsville", "Lumen Beauty", "Sportify Depot", "Second Story Vintage", "Paper Crane Stationery", "Garden Gate Nursery", "Pawprint Pets",
    "Vista Optical",
    /* Entertainment */
    "Streamhaven", "Starlight Cinemas", "Pixel Arcade", "Tunebox Music", "Gamewright", "City Arena Tickets", "Bowl-O-Rama", "Comedy Cellar 9",
    "Wonder Park", "Riverside Theatre", "Escape Quarter", "Museum of Tomorrow", "Karaoke Loft", "Skate Plaza", "Laser Dome", "Podwave Plus",
    "Ballpark Box Office", "Jazz Corner", "Climb Central", "Mini Golf Cove", "Aquaria", "Festival Pass", "Reel Classics", "Trivia Tavern",
    /* Grocery */
    "Fresh Fields Market", "Value Barn", "Harvest Lane Foods", "Corner Pantry", "Green Acre Grocers", "Silo Saver Foods", "Daily Basket",
    "Sunrise Market", "Farmstand Co-op", "Bulk & Barrel", "Homestead Grocery", "Lotus Asian Market", "La Tienda Fresca", "Orchard Foods",
    "Main Street Market", "Penny Pincher Foods", "Nature's Crate", "Butcher & Bean", "Northside Grocers", "Prairie Foods", "Fishmonger's Row",
    "Family Table Depot", "Golden Grain Market", "Quick Cart",
    /* Gas */
    "Roadrunner Fuel", "Gasco Express", "Pump & Go", "Highway Star Fuel", "Blue Diamond Gas", "Fuel Point", "Pioneer Petrol", "Truckers Stop",
    "Corner Gas & Mart", "Eagle Fuel", "Red Barn Gas", "Interstate Fuel", "Sunoil", "Lakeshore Gas", "Mile Marker Fuel", "Liberty Petroleum",
    "Delta Fuel Stop", "Quickfill", "Canyon Gas", "Frontier Fuel", "Beacon Gas", "Crossroads Fuel", "Green Pump", "Westway Petrol",
    /* Healthcare */
    "Wellspring Pharmacy", "Carewell Clinic Group", "Bright Smile Dental", "Family Practice Partners", "ClearSight Eye Care",
    "Cornerstone Drugs", "Peak Physical Therapy", "MedQuick Urgent Care", "Lakeview Medical Center", "Healing Hands Chiropractic",
    "Sunrise Pediatrics", "Heartland Labs", "Skin & Care Dermatology", "Mindful Counseling", "Hearing Plus", "Womens Health Partners",
    "Allergy Associates", "Vital Vitamins", "Orthocare", "Valley Hospital", "Night Nurse Line", "Sleep Well Center", "Imaging Specialists",
    "Village Apothecary",
    /* Utilities */
    "Tri-County Electric", "ClearLine Internet", "Cityworks Water", "Horizon Mobile", "Evergreen Energy", "Summit Gas & Light", "FiberNorth",
    "Metro Waste Services", "Bluewave Wireless", "Valley Power", "Lakeland Water", "SignalOne Mobile", "Prairie Electric Co-op", "HomeHeat Oil",
    "Suncoast Power", "Rapid Broadband", "Riverbend Utilities", "Capital Energy", "Pinegrove Telephone", "Greenbin Recycling", "Bay Area Water",
    "Northern Lights Power", "Cable Crossing", "Mountain Gas",
};
/* clang-format on */

const struct sg_enum ch_merchant_labels = {"merchant_name", merchants, CH_MERCHANT_COUNT};
