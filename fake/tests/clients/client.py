"""A client as people write it by hand in Python: the standard library and nothing else.

Usage: client.py BASE_URL KEY. It ends with 1 and says what was wrong if the server is not what it expects.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE, KEY = sys.argv[1], sys.argv[2]
PROJECT = "217854"


def call(method, path, body=None, **query):
    url = BASE + path
    if query:
        url += "?" + urllib.parse.urlencode(query)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Authorization", "Bearer " + KEY)
    # As many do, also where there is no body.
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as response:
        text = response.read().decode()
        is_json = response.headers.get_content_type() == "application/json"
        return json.loads(text) if is_json else text


def all_flags(limit):
    cursor, flags = None, []
    while True:
        query = {"limit": limit, "projectId": PROJECT}
        if cursor:
            query["cursor"] = cursor
        page = call("GET", "/flags", **query)
        flags += page["flags"]
        cursor = page.get("nextCursor")
        if not cursor:
            return flags


def find(key):
    found = call("GET", "/flags", key=key, projectId=PROJECT)["flags"]
    return found[0] if found else None


def ensure(key):
    flag = find(key)
    if flag is None:
        made = call("POST", "/flags", {"projectId": PROJECT, "key": key, "name": key})
        assert set(made) == {"id", "url"}, made
        call("PATCH", "/flags/" + made["id"], {"enabled": True, "rolloutPercentage": 50})
        flag = call("GET", "/flags/" + made["id"])
    return flag


def allow(flag, email):
    """Adds somebody to the segment that allows people by e-mail, and keeps all others."""
    segments = [s for s in flag["targetSegments"] if s["name"] != "allowed"]
    mine = [s for s in flag["targetSegments"] if s["name"] == "allowed"]
    values = mine[0]["conditions"][0]["values"] if mine else []
    condition = {"type": "property", "prop": "gp:email", "op": "is", "values": values + [email]}
    segments.append(
        {
            "name": "allowed",
            "conditions": [condition],
            "percentage": 100,
            "rolloutWeights": {"on": 1},
            "bucketingKey": "amplitude_id",
        }
    )
    assert call("PATCH", "/flags/" + flag["id"], {"targetSegments": segments}) == "OK"
    return call("GET", "/flags/" + flag["id"])


def main():
    ids = [ensure("python-%d" % number)["id"] for number in range(7)]
    assert all(isinstance(id, str) and id.isdigit() for id in ids), ids
    assert ensure("python-3")["id"] == ids[3], "a second time makes no second flag"
    listed = [flag["id"] for flag in all_flags(limit=2) if flag["key"].startswith("python-")]
    assert listed == ids[::-1], "newest first, each once"

    flag = ensure("python-0")
    assert flag["enabled"] and flag["rolloutPercentage"] == 50, flag
    for email in ("ada@example.com", "bob@example.com"):
        flag = allow(flag, email)
    values = flag["targetSegments"][0]["conditions"][0]["values"]
    assert values == ["ada@example.com", "bob@example.com"], values

    users = "/flags/%s/variants/on/users" % flag["id"]
    assert call("POST", users, {"inclusions": ["user-%d" % n for n in range(150)]}) == "OK"
    included = call("GET", users)
    bulk = "/flags/%s/variants/on/bulk-delete-users" % flag["id"]
    for start in range(0, len(included), 100):
        call("DELETE", bulk, {"users": included[start : start + 100]})
    assert len(included) == 150 and call("GET", users) == []

    for status, attempt in {
        400: lambda: call("POST", "/flags", {"projectId": PROJECT, "key": "python-0"}),
        404: lambda: call("GET", "/flags/1"),
        405: lambda: call("PUT", "/flags/" + flag["id"], {}),
    }.items():
        try:
            attempt()
            raise AssertionError("%d was expected" % status)
        except urllib.error.HTTPError as error:
            assert error.code == status, error
            assert json.loads(error.read())["error"]
    print("client.py: %d flags made, listed, changed" % len(ids))


main()
