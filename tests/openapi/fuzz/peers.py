"""Makes two programme managers on the demo of FRAMDRIFT_URL who have nothing in common but the directory, and prints how
each logs in, as a Web Fuzzing Commons file: what one makes the other must not be given."""

import datetime
import json
import os
import sys
import urllib.request

BASE, TOKEN = os.environ["FRAMDRIFT_URL"], os.environ["FRAMDRIFT_TOKEN"]
PASSWORD = "to programmer uten noe felles"


def sent(method: str, path: str, body: dict, token: str = TOKEN) -> dict:
    request = urllib.request.Request(f"{BASE}/api/v1{path}", json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"{}")


def peer(name: str) -> dict:
    programme = sent("POST", "/programmes", {"name": f"Program {name}"})
    person = sent("POST", "/people", {"givenName": name, "familyName": "Program"})
    sent("POST", "/programme-assignments", {
        "programmeId": programme["id"], "personId": person["id"], "role": "programme_manager",
        "validFrom": datetime.date.today().isoformat(),
    })  # fmt: skip
    email = f"{name}@peers.example"
    user = sent("POST", "/users", {"email": email, "name": name, "personId": person["id"]})
    sent("PUT", f"/users/{user['id']}/password", {"password": PASSWORD})
    login = sent("POST", "/auth/login", {"email": email, "password": PASSWORD}, token="")
    header = {"name": "Authorization", "value": f"Bearer {login['access_token']}"}
    return {"name": name, "fixedHeaders": [header]}


json.dump({"auth": [peer("alice"), peer("bob")]}, sys.stdout)
