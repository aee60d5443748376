"""A stateful double of the Cognito user-pool API in this process, for the faults that emulators do not have.

It checks the signature of every request (Signature Version 4, written from its specification), keeps users with sub,
status and password, and fails as told: `faults` maps (action, n-th call of that action) to one of throttle, expired, deny,
html, cut (half an answer), close (answer lost before the request is done), lost (request done, answer lost), or a status such as 503; n may
be "*" for every call. `look` is called at each request, to see what the process under test shows meanwhile.
"""
import hashlib
import hmac
import http.server
import json
import threading
import time
import uuid

POOL = "eu-central-1_TestPool1"
REGION = "eu-central-1"
ACCESS = "AKIATESTTESTTEST0001"
SECRET = "Zm9v/SecretKeyOfTheTests+0123456789abcdef"
TOKEN = "FwoGZXIvYXdzSessionTokenOfTheTests=="
JSON = "application/x-amz-json-1.1"

ERRORS = {"throttle": (400, "ThrottlingException", "Rate exceeded"),
          "expired": (400, "ExpiredTokenException", "The security token included in the request is expired"),
          "deny": (400, "AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized"),
          "policy": (400, "InvalidPasswordException", "Password did not conform with policy: too short"),
          "schema": (400, "InvalidParameterException", "Attributes did not conform to the schema: phone: required")}


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature_fault(method, path, headers, body):
    """What is wrong with a request's signature, or None."""
    try:
        algorithm, rest = headers["Authorization"].split(" ", 1)
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        access, date, region, service, end = parts["Credential"].split("/")
        names = parts["SignedHeaders"].split(";")
    except (KeyError, ValueError, AttributeError) as error:
        return f"no signature: {error}"
    if (algorithm, access, region, service, end) != ("AWS4-HMAC-SHA256", ACCESS, REGION, "cognito-idp", "aws4_request"):
        return f"scope is {parts['Credential']}"
    if not {"host", "x-amz-date"} <= set(names):
        return f"signed headers are {names}"
    if headers.get("X-Amz-Security-Token") != TOKEN:
        return "the session token is missing"
    canonical = "\n".join([method, path, "", *(f"{name}:{' '.join(headers.get(name, '').split())}" for name in names), "",
                           ";".join(names), hashlib.sha256(body).hexdigest()])
    text = "\n".join([algorithm, headers["X-Amz-Date"], f"{date}/{region}/{service}/{end}",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (date, region, service, end):
        key = digest(key, part)
    wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return None if hmac.compare_digest(wanted, parts["Signature"]) else "the signature is wrong"


class Double(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.users, self.calls, self.times, self.faults, self.peers = {}, [], [], {}, set()
        self.look = lambda: None
        self.retry_after = None
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        """A client that died is no matter here."""

    def stop(self):
        self.shutdown()
        self.server_close()

    def count(self, action):
        return self.calls.count(action)

    def fault(self, action):
        """Notes the call and tells how it shall fail."""
        self.calls.append(action)
        self.times.append(time.monotonic())
        return self.faults.get((action, self.count(action))) or self.faults.get((action, "*"))

    def answer(self, action, body):
        """(status, reply) of a request without faults."""
        name = body["Username"]
        if body["UserPoolId"] != POOL:
            return error("ResourceNotFoundException", f"User pool {body['UserPoolId']} does not exist.")
        user = self.users.get(name)
        if action == "AdminCreateUser":
            if user:
                return error("UsernameExistsException", "User account already exists")
            user = self.users[name] = {"sub": str(uuid.uuid4()), "status": "FORCE_CHANGE_PASSWORD", "password": None,
                                       "attributes": {a["Name"]: a["Value"] for a in body["UserAttributes"]},
                                       "invited": body.get("MessageAction") != "SUPPRESS"}
            return 200, {"User": {**shown(user, "Attributes"), "Username": name}}
        if not user:
            return error("UserNotFoundException", "User does not exist.")
        if action == "AdminSetUserPassword":
            user["password"] = body["Password"]
            user["status"] = "CONFIRMED" if body["Permanent"] else "FORCE_CHANGE_PASSWORD"
            return 200, {}
        return 200, {**shown(user, "UserAttributes"), "Username": name}


def shown(user, key):
    told = {"sub": user["sub"], **user.get("shown", {})}
    return {key: [{"Name": name, "Value": value} for name, value in told.items()], "UserStatus": user["status"],
            "Enabled": user.get("enabled", True)}


def error(kind, text):
    return 400, {"__type": kind, "message": text}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        action = self.headers["X-Amz-Target"].removeprefix("AWSCognitoIdentityProviderService.")
        with self.server.lock:
            self.server.peers.add(self.client_address[1])
            self.server.look()
            fault = self.server.fault(action)
            wrong = signature_fault("POST", self.path, self.headers, body)
            if wrong or self.headers["Content-Type"] != JSON:
                return self.reply(*error("InvalidSignatureException", wrong or "content type"))
            if fault == "close":
                return self.drop()
            if fault in ERRORS:
                return self.reply(*error(*ERRORS[fault][1:]))
            if fault == "html":
                return self.reply(200, "<html><body>Sign in to the network</body></html>")
            if isinstance(fault, int):
                return self.reply(fault, {"message": "no"})
            status, reply = self.server.answer(action, json.loads(body))
            if fault == "cut":
                return self.reply(200, json.dumps(reply)[:-9])
            return self.drop() if fault == "lost" else self.reply(status, reply)

    def reply(self, status, document):
        text = document if isinstance(document, str) else json.dumps(document)
        self.send_response(status)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(text)))
        if status in (429, 503) and self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()
        self.wfile.write(text.encode())

    def drop(self):
        self.close_connection = True

    def log_message(self, *arguments):
        pass
