"""Tries the programs of README.md as they are written there: the status page is compiled, the status is read in Python, the
observer asks twice and is told of a wrong password, the receiver tells a genuine message from others."""

import datetime
import importlib.util
import os
import pathlib
import re
import subprocess
import sys

from standardwebhooks import Webhook

SECRET = "whsec_bm90IGEgcmVhbCBzZWNyZXQsIG9ubHkgYW4gZXhhbXBsZQ=="


def written(readme: str, name: str) -> str:
    """The block that says in its first lines that it is this file."""
    blocks = re.findall(r"^```\w+\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    [block] = [one for one in blocks if re.search(rf"^(//|#) {re.escape(name)}\b", one[:300], re.MULTILINE)]
    return block.replace("http://127.0.0.1:8080", os.environ["FRAMDRIFT_URL"])


def main(path: str) -> None:
    readme = pathlib.Path(path).read_text()
    for name in ("status.ts", "status.py", "status.sh", "receiver.py"):
        pathlib.Path(name).write_text(written(readme, name))

    options = re.search(r"^npx tsc (.+)$", readme, re.MULTILINE)
    assert options, "README.md says how to check the page"
    subprocess.run(["tsc", *options.group(1).split()], check=True)

    python = subprocess.run([sys.executable, "status.py"], check=True, capture_output=True, text=True)
    assert "02 " in python.stdout, python

    first, second = (subprocess.run(["sh", "status.sh"], check=True, capture_output=True, text=True) for _ in range(2))
    assert "02 " in first.stdout and second.stdout == "nothing new\n", (first, second)

    wrong = subprocess.run(
        ["sh", "status.sh"], capture_output=True, text=True, env=os.environ | {"FRAMDRIFT_PASSWORD": "wrong"}
    )
    assert wrong.returncode == 1 and '"status":401' in wrong.stderr, wrong

    os.environ["FRAMDRIFT_SECRET"] = SECRET
    spec = importlib.util.spec_from_file_location("receiver", "receiver.py")
    assert spec and spec.loader
    receiver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(receiver)
    now, body = datetime.datetime.now(tz=datetime.timezone.utc), '{"type": "milestone.met"}'
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", now, body),
    }
    assert receiver.genuine(headers, body.encode())
    assert not receiver.genuine(headers, body.encode() + b" ")
    assert not receiver.genuine(headers | {"webhook-timestamp": "1500000000"}, body.encode())
    print("README.md: the status page compiles, Python reads the status, the observer is told of nothing new, the receiver knows a genuine message")


if __name__ == "__main__":
    main(sys.argv[1])
