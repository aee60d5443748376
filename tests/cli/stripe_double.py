"""A small stateful stand-in for Stripe's test mode: clocks that take time, customers, cards, subscriptions, renewals,
idempotency keys that repeat answers, and faults on demand. Knows as much as the live run of screenbilling asks for.
"""
import collections
import http.server
import json
import re
import sys
import threading
import time
import urllib.parse

HOUR = 3600


class Refused(Exception):
    """An error answer of the API."""

    def __init__(self, status, message, code=None):
        super().__init__(message)
        self.status, self.body = status, {"error": {"type": "invalid_request_error", "message": message, "code": code}}


class Fault:
    """Happens to the first `times` requests whose "METHOD path" matches: a status, "lost" (done, but never answered),
    "dropped" (neither), "stalled" (answered after the client gave up), or bytes, which are the answer as they are."""

    def __init__(self, pattern, kind, times=1, headers=None):
        self.pattern, self.kind, self.left, self.headers = re.compile(pattern), kind, times, headers or {}


class Double:
    """The service. `requests` logs (method, path, form, idempotency key, headers) of all that arrived, `times` when."""

    def __init__(self, faults=(), polls=1, key="sk_test_double", port=0):
        self.faults, self.polls, self.key = list(faults), polls, key
        self.lock = threading.RLock()
        self.requests, self.times, self.answers, self.at_request = [], [], {}, {}
        self.objects = collections.defaultdict(dict)
        self.made = collections.Counter()
        self.busy = self.busiest = 0
        self.released = threading.Event()
        self.lenient = False  # failing cards never fail
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                double.handle(self)

            do_GET = do_POST = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that were killed
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    # One request.

    def fault_of(self, line):
        for fault in self.faults:
            if fault.left and fault.pattern.search(line):
                fault.left -= 1
                return fault
        return None

    def handle(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        form = dict(urllib.parse.parse_qsl(handler.rfile.read(length).decode(), keep_blank_values=True,
                                           strict_parsing=bool(length)))
        query = dict(urllib.parse.parse_qsl(url.query))
        key = handler.headers.get("Idempotency-Key")
        with self.lock:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            self.requests.append((handler.command, handler.path, form, key, dict(handler.headers)))
            self.times.append(time.monotonic())
            hook = self.at_request.get(len(self.requests))
            fault = self.fault_of(f"{handler.command} {url.path}")
        try:
            if hook:
                hook()
            self.answer(handler, url.path, query, form, key, fault)
        finally:
            with self.lock:
                self.busy -= 1

    def answer(self, handler, path, query, form, key, fault):
        if fault and isinstance(fault.kind, int):
            return self.send(handler, fault.kind, {"error": {"message": "injected"}}, fault.headers)
        if fault and isinstance(fault.kind, bytes):
            handler.close_connection = True
            return self.write(handler, fault.kind)
        if fault and fault.kind == "dropped":
            handler.close_connection = True
            return None
        with self.lock:
            status, body = self.remembered(handler, path, query, form, key)
        if fault and fault.kind == "lost":
            handler.close_connection = True
            return None
        if fault and fault.kind == "stalled":
            self.released.wait(60)
            handler.close_connection = True
            return None
        return self.send(handler, status, body)

    @staticmethod
    def write(handler, answer):
        try:
            handler.wfile.write(answer)
        except OSError:
            pass

    @staticmethod
    def send(handler, status, body, headers=None):
        text = json.dumps(body).encode()
        try:
            handler.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": len(text), **(headers or {})}.items():
                handler.send_header(name, str(value))
            handler.end_headers()
            handler.wfile.write(text)
        except OSError:
            pass

    def remembered(self, handler, path, query, form, key):
        if handler.headers.get("Authorization") != f"Bearer {self.key}":
            return 401, {"error": {"message": f"Invalid API Key provided: {handler.headers.get('Authorization')}"}}
        if handler.command != "POST" or not key:
            return self.route(handler.command, path, query, form)
        if key in self.answers:
            asked, answer = self.answers[key]
            if asked != (path, form):
                return 400, {"error": {"type": "idempotency_error", "message": "Keys can only be used with the same "
                                       "parameters they were first used with"}}
            return answer
        answer = self.route(handler.command, path, query, form)
        self.answers[key] = ((path, dict(form)), answer)
        return answer

    ROUTES = [
        ("GET", r"/v1/test_helpers/test_clocks", "list_clocks"),
        ("POST", r"/v1/test_helpers/test_clocks", "make_clock"),
        ("GET", r"/v1/test_helpers/test_clocks/(\w+)", "get_clock"),
        ("DELETE", r"/v1/test_helpers/test_clocks/(\w+)", "delete_clock"),
        ("POST", r"/v1/test_helpers/test_clocks/(\w+)/advance", "advance"),
        ("POST", r"/v1/products", "make_product"),
        ("GET", r"/v1/prices", "list_prices"),
        ("POST", r"/v1/prices", "make_price"),
        ("POST", r"/v1/customers", "make_customer"),
        ("POST", r"/v1/customers/(\w+)", "update_customer"),
        ("POST", r"/v1/payment_methods/(\w+)/attach", "attach"),
        ("POST", r"/v1/subscriptions", "make_subscription"),
        ("GET", r"/v1/subscriptions/(\w+)", "get_subscription"),
        ("POST", r"/v1/subscriptions/(\w+)", "update_subscription"),
        ("DELETE", r"/v1/subscriptions/(\w+)", "cancel"),
    ]

    def route(self, method, path, query, form):
        for wanted, pattern, name in self.ROUTES:
            match = re.fullmatch(pattern, path)
            if method == wanted and match:
                try:
                    return 200, json.loads(json.dumps(getattr(self, name)(*match.groups(), query=query, form=form)))
                except Refused as refused:
                    return refused.status, refused.body
        return 404, {"error": {"message": f"Unrecognized request URL ({method}: {path})"}}

    # Objects.

    def make(self, kind, prefix, **values):
        self.made[kind] += 1
        thing = {"id": f"{prefix}_{self.made[kind]:06d}", "object": kind, **values}
        self.objects[kind][thing["id"]] = thing
        return thing

    def get(self, kind, name):
        if name not in self.objects[kind]:
            raise Refused(404, f"No such {kind}: '{name}'", "resource_missing")
        return self.objects[kind][name]

    def list_clocks(self, query, form):
        clocks = list(reversed(self.objects["clock"].values()))
        ids = [clock["id"] for clock in clocks]
        start = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        page = clocks[start:start + int(query.get("limit", 10))]
        return {"object": "list", "data": page, "has_more": start + len(page) < len(clocks)}

    def make_clock(self, query, form):
        return self.make("clock", "clock", name=form["name"], frozen_time=int(form["frozen_time"]), status="ready", left=0)

    def get_clock(self, name, query, form):
        clock = self.get("clock", name)
        if clock["status"] == "advancing":
            clock["left"] -= 1
            if clock["left"] < 0:
                clock["status"] = "ready"
        return clock

    def delete_clock(self, name, query, form):
        self.get("clock", name)
        del self.objects["clock"][name]
        for customer in [c for c in self.objects["customer"].values() if c["test_clock"] == name]:
            del self.objects["customer"][customer["id"]]
            for one in [s for s in self.objects["subscription"].values() if s["customer"] == customer["id"]]:
                del self.objects["subscription"][one["id"]]
        return {"id": name, "object": "clock", "deleted": True}

    def advance(self, name, query, form):
        clock, target = self.get("clock", name), int(form["frozen_time"])
        if clock["status"] != "ready" or target <= clock["frozen_time"]:
            raise Refused(400, "The clock is still advancing, or is ahead of that time")
        before, clock["frozen_time"] = clock["frozen_time"], target
        clock.update(status="advancing", left=self.polls)
        for one in self.objects["subscription"].values():
            customer = self.objects["customer"].get(one["customer"])
            if customer and customer["test_clock"] == name and one["status"] != "canceled":
                self.renew(one, customer, before, target)
        return clock

    def renew(self, one, customer, before, target):
        """The renewal drafted at `before` is charged an hour later, the first invoice was at once."""
        price = self.objects["price"][one["items"]["data"][0]["price"]["id"]]
        due = before != one["created"] and before + HOUR <= target and price["unit_amount"]
        card = self.objects["card"][customer["invoice_settings"]["default_payment_method"]]
        if due and card["token"] == "pm_card_chargeCustomerFail" and not self.lenient:
            one["status"] = "past_due"

    def make_product(self, query, form):
        if form["id"] in self.objects["product"]:
            raise Refused(400, "Product already exists.", "resource_already_exists")
        self.objects["product"][form["id"]] = {**form, "object": "product"}
        return self.objects["product"][form["id"]]

    def list_prices(self, query, form):
        return {"object": "list", "has_more": False, "data": [
            price for price in self.objects["price"].values() if price["lookup_key"] == query["lookup_keys[]"]]}

    def make_price(self, query, form):
        self.get("product", form["product"])
        return self.make("price", "price", product=form["product"], unit_amount=int(form["unit_amount"]),
                         currency=form["currency"], lookup_key=form["lookup_key"],
                         recurring={"interval": form["recurring[interval]"]})

    def new_card(self, token, customer):
        if token not in ("pm_card_visa", "pm_card_chargeCustomerFail"):
            raise Refused(404, f"No such PaymentMethod: '{token}'")
        return self.make("card", "pm", token=token, customer=customer)

    def make_customer(self, query, form):
        self.get("clock", form["test_clock"])
        if sum(c["test_clock"] == form["test_clock"] for c in self.objects["customer"].values()) == 3:
            raise Refused(400, "A test clock holds at most three customers")
        card = self.new_card(form["payment_method"], None)
        customer = self.make("customer", "cus", name=form["name"], email=form["email"], test_clock=form["test_clock"],
                             metadata={"plan": form["metadata[plan]"], "screens": form["metadata[screens]"]},
                             invoice_settings={"default_payment_method": card["id"]})
        card["customer"] = customer["id"]
        return customer

    def update_customer(self, name, query, form):
        customer, card = self.get("customer", name), form["invoice_settings[default_payment_method]"]
        if self.get("card", card)["customer"] != name:
            raise Refused(400, "The card does not belong to the customer")
        customer["invoice_settings"]["default_payment_method"] = card
        return customer

    def attach(self, token, query, form):
        self.get("customer", form["customer"])
        return self.new_card(token, form["customer"])

    def items(self, form, item):
        price = self.get("price", form["items[0][price]"])
        if int(form["items[0][quantity]"]) < 1:
            raise Refused(400, "quantity")
        return {"object": "list", "data": [{"id": item, "price": price, "quantity": int(form["items[0][quantity]"])}]}

    def make_subscription(self, query, form):
        customer = self.get("customer", form["customer"])
        created = self.get("clock", customer["test_clock"])["frozen_time"]
        return self.make("subscription", "sub", customer=customer["id"], status="active", created=created,
                         items=self.items(form, f"si_{self.made['subscription']:06d}"), proration=form["proration_behavior"],
                         metadata={"initial_plan": form["metadata[initial_plan]"]}, history=[])

    def get_subscription(self, name, query, form):
        return self.get("subscription", name)

    def living(self, name):
        one = self.get("subscription", name)
        if one["status"] == "canceled":
            raise Refused(404, f"No such subscription: '{name}'", "resource_missing")
        return one

    def update_subscription(self, name, query, form):
        one = self.living(name)
        if form["items[0][id]"] != one["items"]["data"][0]["id"] or form["proration_behavior"] != "none":
            raise Refused(400, "Only the one item changes, without proration")
        one["items"] = self.items(form, form["items[0][id]"])
        one["history"].append("changed")
        return one

    def cancel(self, name, query, form):
        one = self.living(name)
        one["status"] = "canceled"
        return one


__all__ = ["Double", "Fault", "Refused"]

if __name__ == "__main__":  # python3 stripe_double.py PORT: for the key sk_test_double, forgotten at the end
    print(Double(port=int(sys.argv[1])).url, flush=True)
    threading.Event().wait()
