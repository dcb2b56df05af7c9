"""How Schemathesis signs in: as the administrator, and as others where he may not or should not call."""

import functools
import os
import re
import uuid

import requests
import schemathesis

BASE = os.environ["SOUK_URL"]
ADMINISTRATOR = {"email": os.environ["SOUK_ADMIN_EMAIL"], "password": os.environ["SOUK_ADMIN_PASSWORD"]}

MACHINES = "^/v1/inventory/(reserve|release|commit)$"
# These end the session that calls, or all of its user: every call has a user of its own.
ENDINGS = "^/v1/auth/(logout|logout-all|sessions/.*)$"
# Signing in steps up for five minutes.
RENEWED_AFTER = 120


def post(path, body, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(BASE + path, json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.json()


class Bearer:
    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.auth(refresh_interval=RENEWED_AFTER).skip_for(path_regex=f"{MACHINES}|{ENDINGS}")
class Administrator(Bearer):
    def get(self, case, context):
        return post("/v1/auth/login", ADMINISTRATOR)["accessToken"]


@schemathesis.auth(refresh_interval=RENEWED_AFTER).apply_to(path_regex=MACHINES)
class Machine(Bearer):
    def get(self, case, context):
        token = post("/v1/auth/login", ADMINISTRATOR)["accessToken"]
        return post("/v1/admin/api-keys", {"name": "contract", "scopes": ["inventory:operate"]}, token)["secret"]


@schemathesis.auth(refresh_interval=None).apply_to(path_regex=ENDINGS)
class Leaver(Bearer):
    def get(self, case, context):
        account = {"email": f"{uuid.uuid4()}@example.com", "password": str(uuid.uuid4())}
        return post("/v1/auth/register", account)["accessToken"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Answers show the administrator's id, and one who freezes himself cannot sign in any more."""
    if case.path.startswith("/v1/admin/users/") and (case.path_parameters or {}).get("id") == administrator_id():
        case.path_parameters["id"] = str(uuid.uuid4())


@functools.cache
def administrator_id():
    return post("/v1/auth/login", ADMINISTRATOR)["user"]["id"]


# Refusals in these words should follow from the schema; other words belong to business rules.
SCHEMA_WORDS = re.compile("required|type|format|pattern|unknown|oneOf|(min|max)(Length|Items)?|uniqueItems|exactlyOne|atLeastOne")

# The same words where no schema can say it: a rule between fields, against what the shop holds, of a text's inner form.
BEYOND_THE_SCHEMA = re.compile(
    r"""
    pageToken\ format              # opaque
    | lines\ required              # lines or fromCart
    | addressId\ required          # addressId or address
    | (address\.)?(phone|province|city|district|postalCode)\ required  # where the country needs it
    | (address\.)?(country|phone)\ format
    | (address\.)?(nickname|recipient|province|city|district|line1|line2|postalCode)\ format  # one line
    | slug\ format
    | options\[\d+\]\.colours\ format
    | skus\[\d+\]\.options\..*\ (required|unknown)  # a value of each option
    | (parentId|categoryIds\[\d+\])\ unknown
    | scopes\[\d+\]\ oneOf
    | expiresAt\ min               # in the future
    """,
    re.VERBOSE | re.DOTALL,
)


@schemathesis.check
def good_data_taken(ctx, response, case):
    """What the schema allows is refused only by business rules, so that a client may trust the contract."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return None
    problem = response.json()
    assert problem["code"] == "VALIDATION_FAILED", f"The contract does not ask for what is missing: {problem['code']}"
    for violation in problem["violations"]:
        word = f"{violation['field']} {violation['rule']}"
        if SCHEMA_WORDS.fullmatch(violation["rule"]) and not BEYOND_THE_SCHEMA.fullmatch(word):
            raise AssertionError(f"The schema allows what is refused: {violation}")
    return None
