"""Judges what schemathesis found, from its NDJSON reports.

A failure stands unless it is one of EXCEPTIONS, each of which is a rule that JSON Schema cannot say. Beyond the checks of
schemathesis, valid input must not be refused for its form: 422 is for what content means.
"""

import base64
import collections
import json
import pathlib
import re
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What `record.invalid` says of the form of a value. Valid input may be refused for its meaning only.
FORM = {
    "not_nullable", "read_only", "too_few", "too_large", "too_long", "too_many", "too_many_decimals", "too_short",
    "too_small", "unknown_code", "unknown_field", "wrong_format", "wrong_pattern", "wrong_type",
}  # fmt: skip

# "Text is UTF-8 and kept in NFC. Control characters, noncharacters, zero-width characters and direction
# marks are refused with 400."
FORBIDDEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "\ud800-\udfff]"
)


# Where in a request schemathesis put what is wrong.
IN_QUERY = re.compile(r"parameter `([^`]+)` in query")
BEYOND_ASCII = re.compile(r"https?://\S*[^\x00-\x7f]")


@dataclass
class Case:
    """One request, how it was made, what was answered, and what schemathesis thinks of it."""

    operation: str
    valid: bool
    request: str
    text: str
    status: int
    problem: dict[str, Any]
    failures: list[tuple[str, str]]
    uri: str
    tags: str
    headers: dict[str, list[str]]


# Who is who is for every caller; contact details in it are not, and a test of the service holds that.
DIRECTORY = {
    "affiliations", "municipality-codes", "organisations", "people", "programme-assignments", "programmes", "region-members",
    "regions", "service-profiles", "service-provisions",
}  # fmt: skip
# What is taken in as text/csv.
TABLES = {"POST /api/v1/imports/accounting", "POST /api/v1/imports/municipalities"}
# Longest address in bytes. Far beyond it the HTTP parser refuses with an empty answer, before the service sees anything.
LONGEST_URI = 8192
# What `If-Match` may be (RFC 9110 section 13.1.1).
TAGS = re.compile(r'\s*(\*|(W/)?"[^",]*")(\s*,\s*(\*|(W/)?"[^",]*"))*\s*')


def decoded(content: Any) -> str:
    if isinstance(content, dict) and "$base64" in content:
        return base64.b64decode(content["$base64"]).decode("utf-8", "surrogateescape")
    return "" if content is None else str(content)


def read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def texts(value: Any) -> Iterator[str]:
    """Every text in what was generated."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield str(name)
            yield from texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def cases(path: pathlib.Path) -> Iterator[Case]:
    """The cases of a report; a line that broke off says nothing."""
    for line in path.open(encoding="utf-8"):
        try:
            recorder = json.loads(line)["ScenarioFinished"]["recorder"]
        except (ValueError, KeyError):
            continue
        for name, interaction in recorder.get("interactions", {}).items():
            response = interaction.get("response")
            case = recorder["cases"].get(name, {}).get("value", {})
            checks = recorder.get("checks", {}).get(name, [])
            failed = [one["failure_info"]["failure"] for one in checks if one["status"] == "failure"]
            names = [one["name"] for one in checks if one["status"] == "failure"]
            try:
                problem = json.loads(decoded(response["content"])) if response else {}
            except ValueError:
                problem = {}
            body = decoded(interaction["request"].get("body"))
            sent = {name.lower(): value for name, value in interaction["request"]["headers"].items()}
            generation = (case.get("meta") or {}).get("generation") or {}
            yield Case(
                operation=recorder["label"],
                valid=generation.get("mode") == "positive",
                request=f"{interaction['request']['method']} {interaction['request']['uri']} {body}"[:600],
                text="\n".join([urllib.parse.unquote(interaction["request"]["uri"]), *texts([case.get("headers"), read(body)])]),
                status=response["status_code"] if response else 0,
                problem=problem if isinstance(problem, dict) else {},
                failures=[(name, failure["message"]) for name, failure in zip(names, failed, strict=True)],
                uri=interaction["request"]["uri"],
                tags=", ".join(sent.get("if-match", [])),
                headers={name.lower(): value for name, value in response["headers"].items()} if response else {},
            )


def excused(case: Case) -> bool:
    """Whether valid input was rightly refused: a rule that the document tells in words."""
    code, parameter = case.problem.get("code"), case.problem.get("parameter")
    if code in ("request.malformed", "request.invalid_parameter", "record.invalid") and (
        FORBIDDEN.search(case.text) or FORBIDDEN.search(urllib.parse.unquote(case.text))
    ):
        return True
    # What a message said belongs to what the receipt is for.
    if code == "request.invalid_parameter" and parameter == "said":
        return True
    # Which events there are is a table of each release, told where a name is refused.
    if code == "request.invalid_parameter" and parameter == "types" and case.operation == "GET /api/v1/events":
        return True
    # Cursors are sealed by the service: a made-up one is refused, and one belongs to its question.
    if code == "request.invalid_cursor":
        return True
    # An address has its bound, which parameters that are each within theirs may pass together.
    if code == "request.uri_too_long" and len(case.uri) > LONGEST_URI:
        return True
    # The generator does not always keep to the pattern.
    if code == "request.malformed" and case.tags and not TAGS.fullmatch(case.tags):
        return True
    # `table` and `width` belong to formats that another parameter or `Accept` asks for.
    if code == "request.invalid_parameter" and parameter in ("table", "width"):
        return True
    # A page is all of a record: `fields` and `expand` belong to JSON.
    if code == "request.unknown_parameter" and re.search(r"[?&]format=html(&|$)", case.uri.strip()):
        return True
    # Several archives have documents of the project: the package must say which it is for.
    if code == "request.invalid_parameter" and parameter == "system" and case.operation.endswith("/archive-package"):
        return True
    # A moment that lies ahead, or a record that is no baseline of this project.
    if code == "request.invalid_parameter" and parameter in ("asOf", "since", "against"):
        return True
    # A period that ends before it begins.
    if code == "request.invalid_parameter" and parameter in ("from", "to"):
        return True
    # RFC 6749 section 5.2 wants 400 where others say 401.
    return case.operation == "POST /oauth/token" and code in ("invalid_grant", "invalid_client", "invalid_scope")


def faults(case: Case) -> Iterator[tuple[str, str]]:
    """What is wrong with an answer."""
    for name, message in case.failures:
        if name == "positive_data_acceptance" and excused(case):
            continue
        if name == "object_level_authorization" and urllib.parse.urlsplit(case.uri).path.split("/")[3:4][0] in DIRECTORY:
            continue
        # Too long an address is told before anything else is looked at.
        if len(case.uri) > LONGEST_URI and (case.status == 414 or case.status in (400, 431) and not case.problem):
            continue
        # A body of text/csv is text, whatever it says: no type can be wrong. A dry run tells the faults of a table with 200.
        if name == "negative_data_rejection" and case.operation in TABLES:
            continue
        # An address is taken as people write it, with letters beyond ASCII (RFC 3987); the format `uri` knows none.
        if ("'uri' format" in message or 'is not a "uri"' in message) and BEYOND_ASCII.search(case.text + message):
            continue
        # In an address the value null is the word, and the filters of what may be missing take that word.
        wrong = IN_QUERY.search(message) if name == "negative_data_rejection" else None
        if wrong and set(urllib.parse.parse_qs(urllib.parse.urlsplit(case.uri.strip()).query).get(wrong[1], [])) == {"null"}:
            continue
        # What was done under the same key before is told again, whatever else the request says.
        replayed = "idempotent-replayed" in case.headers
        if replayed and name in ("negative_data_rejection", "missing_required_header"):
            continue
        yield name, message
    if case.valid and case.status == 422 and not FORBIDDEN.search(case.text):
        for fault in case.problem.get("errors", []):
            # KOSTRA's codes are valid by year: which there are is a table, not a form.
            kostra = fault["code"] == "unknown_code" and fault["pointer"] in ("/function", "/accountType")
            if fault["code"] in FORM and not kostra:
                yield "valid_form_refused", f"{fault['pointer']}: {fault['code']}: {fault['message']}"


# Refusals that the document does not foretell. How many of them a run meets hangs on how far it comes in its time, and on
# the records that there happen to be: where it does not come to its end, they are told and fail nothing.
REFUSALS = {"positive_data_acceptance", "valid_form_refused"}


def main(paths: list[str], strict: bool) -> int:
    found: dict[tuple[str, str], list[tuple[Case, str]]] = collections.defaultdict(list)
    statuses: collections.Counter[int] = collections.Counter()
    for path in paths:
        for case in cases(pathlib.Path(path)):
            statuses[case.status] += 1
            for name, message in faults(case):
                found[name, case.operation].append((case, message))
    for (name, operation), several in sorted(found.items()):
        case, message = several[0]
        said = case.problem.get("detail") or ""
        print(f"{name}: {operation} ({len(several)} times)\n    {' '.join(message.split())[:400]}")
        print(f"    {case.request[:400]!r}\n    {case.status} {case.problem.get('code', '')} {said}"[:400])
    spread = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"{sum(statuses.values())} requests ({spread}), {len(found)} findings")
    if not statuses:
        print("nothing was asked")
    grave = [name for name, _ in found if strict or name not in REFUSALS]
    return 1 if grave or not statuses else 0


if __name__ == "__main__":
    sys.exit(main([path for path in sys.argv[1:] if path != "--strict"], "--strict" in sys.argv))
