"""Our operations against the ceiling: bare handlers over the same rows (tests/ceiling), asked in turn."""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import NOW, Service, engine, unused_address

WIDE = "015ec5c8-6c00-700b-8000-0000000000ff"
CONNECTIONS = (1, 16, 64)
# What each is promised to reach of the ceiling.
PROMISED = {"read one": 0.85, "304": 0.90, "list of 50": 0.90, "deep page": 0.90, "milestones of a project": 0.90, "create": 0.70, "change": 0.70}
# The same of the higher ceiling, whatever it is; of writes where many come and one thread commits them together.
HIGHER = 0.50
HEAD = "id, version, created_at, updated_at, search_text"
MILESTONE = "project_id, number, title, planned_on, internal, requires_document"


def promised(engine, what, connections, higher):
    """What an operation is promised to reach; nothing where no promise was made."""
    if not higher:
        return PROMISED[what]
    return HIGHER if what not in ("create", "change") or (engine == "SQLite" and connections == 16) else 0


def measure(binary, ceiling, kinds, projects, rounds, seconds, only, higher=False):
    """Prints a line for each operation, engine and number of connections; whether every promise is kept."""
    print(f"{'beside the higher ceiling: ' if higher else ''}{projects} projects of 10 milestones and one of 2 000; medians of {rounds} rounds of {seconds} s in turn\n")
    print(f"{'':<44}{'ours/s':>9}{'ceiling':>9}{'ratio':>7}{'at least':>9}{'p50 ms':>8}{'p99 ms':>8}{'x':>6}")
    kept = True
    for kind in kinds:
        with engine(kind, binary) as database:
            fill(database, projects)
            with Service(binary, database) as service, bare(ceiling, database, higher) as address:
                kept &= all([told(database.name, higher, *one) for one in asked(ceiling, database, service, address, projects, rounds, seconds, only)])
    return kept


def told(engine, higher, what, connections, ours, theirs):
    """A line; whether what was promised is kept. p99 is held against the median at 64 connections."""
    least = promised(engine, what, connections, higher)
    ratio = statistics.median([one["per_second"] / other["per_second"] for one, other in zip(ours, theirs, strict=True)])
    middle = {name: statistics.median([one[name] for one in ours]) for name in ("per_second", "p50", "p99")}
    spread = middle["p99"] / middle["p50"]
    kept = ratio >= least and (connections < 64 or spread <= 10)
    print(f"{f'{engine}: {what}, {connections} at once':<44}{middle['per_second']:>9.0f}"
          f"{statistics.median([one['per_second'] for one in theirs]):>9.0f}{ratio:>7.2f}{f'{least:.2f}' if least else '–':>9}"
          f"{middle['p50']:>8.2f}{middle['p99']:>8.2f}{spread:>6.1f}{'' if kept else '  MISSED'}", flush=True)
    return kept


def asked(ceiling, database, service, address, projects, rounds, seconds, only):
    """Each operation at each number of connections: what the service did, and what the ceiling did, round by round."""
    operations = list(operations_of(database, service, projects))
    with tempfile.TemporaryDirectory(prefix="framdrift-bench.") as directory:
        for name, ours, theirs in operations:
            if only and only not in name:
                continue
            files = [write(Path(directory, f"{place}.jsonl"), lines) for place, lines in enumerate((ours, theirs))]
            targets = list(zip((service.address, address), files, strict=True))
            begin = [0, 0]
            for connections in CONNECTIONS:
                took = [[], []]
                for turn in range(rounds + 1):
                    for place, (server, file) in enumerate(targets):
                        done = load(ceiling, server, file, connections, seconds if turn else seconds / 4, begin[place])
                        begin[place] = done["next"]
                        if done["wrong"]:
                            sys.exit(f"{name}: {done['wrong']} of {done['answers']} answers had another status")
                        # The first round warms caches and connections.
                        if turn:
                            took[place].append(done)
                yield name, connections, *took


def operations_of(database, service, projects):
    """The requests of each operation, ours and the ceiling's."""
    token = list(service.headers.items())
    get = lambda path, headers=(), status=200: {"method": "GET", "path": path, "headers": list(headers), "status": status}
    send = lambda method, path, body, headers, status: {
        "method": method, "path": path, "body": json.dumps(body), "headers": [*headers, ("Content-Type", "application/json")], "status": status}
    # A step that shares no factor with the number of milestones goes over all of them in no order of theirs.
    milestones = [identifier(10**9 + (n * 7_919) % (10 * projects) + 1) for n in range(2_000)]
    at = lambda id: f"/api/v1/milestones/{id}"
    yield "read one", [get(at(id), token) for id in milestones], [get(f"/milestones/{id}") for id in milestones]
    tag = [("If-None-Match", '"1"')]
    yield "304", [get(at(id), token + tag, 304) for id in milestones], [get(f"/milestones/{id}", tag, 304) for id in milestones]
    listed = "/api/v1/milestones?projectId={}&internal=false&sort=plannedOn&limit=50"
    yield "list of 50", [get(listed.format(WIDE), token)], [get(f"/projects/{WIDE}/milestones")]
    deep, last = walk(service, listed.format(WIDE), 38)
    yield "deep page", [get(deep, token)], [get(f"/projects/{WIDE}/milestones/after/{last['plannedOn']}/{last['id']}")]
    some = [identifier((n * 7_919) % projects + 1) for n in range(1_000)]
    yield "milestones of a project", [get(listed.format(id), token) for id in some], [get(f"/projects/{id}/milestones") for id in some]
    new = lambda id, number: {"projectId": id, "number": number, "title": "Nådd", "plannedOn": "2018-01-31"}
    made = lambda who, address, headers: [send("POST", address, new(some[n % len(some)], f"{who}{n}"), headers, 201) for n in range(100_000)]
    yield "create", made("o", "/api/v1/milestones", token), made("t", "/milestones", [])
    changes = lambda path, headers, ids: [send("PATCH", path.format(id), {"title": "Nådd, {n}"}, headers, 200) for id in ids]
    merge = lambda lines: [{**line, "headers": [*line["headers"][:-1], ("Content-Type", "application/merge-patch+json")]} for line in lines]
    ours = changes("/api/v1/milestones/{}", [*token, ("If-Match", "{etag}")], milestones[:1_000])
    # The ceiling takes no condition; the tag keeps each of its connections to a milestone of its own, too.
    yield "change", merge(ours), changes("/milestones/{}", [("If-Match", "{etag}")], milestones[1_000:])


def walk(service, path, pages):
    """The address of a page far behind, and the last record before it."""
    address = path
    for _ in range(pages):
        status, _, body = service.ask("GET", address)
        if status != 200:
            sys.exit(f"{address} was answered with {status}")
        page = json.loads(body)
        address = f"{path}&cursor={page['next']}"
    return address, page["items"][-1]


def identifier(number):
    digits = f"{number:032d}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def fill(database, projects):
    """Rows made by the database, the same every time: each project with ten milestones, and one with 2 000."""
    series, day, no = database.series, database.day("2017-11-01", "n % 300"), database.no
    head = lambda id: f"{id}, 1, '{NOW}', '{NOW}', ''"
    whole = lambda number: database.uuid_of(number)
    project = f"INSERT INTO projects ({HEAD}, code, name, type, conditional, status, starts_on, ends_on) SELECT "
    of = lambda each: whole(f"({each} - 1) % {projects} + 1")
    many = lambda each: f"CAST(({each} - 1) / {projects} AS text)"
    wide = database.uuid(WIDE)
    database.run(
        f"{project} {head(whole('n'))}, 'P' || n, 'Prosjekt ' || n, 'pre_project', {no}, 'active', {day}, '2030-12-31' FROM {series(projects)} s",
        f"{project} {head(wide)}, 'BREITT', 'Breitt', 'main_project', {no}, 'active', '2017-11-01', '2030-12-31'",
        f"INSERT INTO scopes (id, counter) SELECT {whole('n')}, 1 FROM {series(projects)} s",
        f"INSERT INTO scopes (id, counter) VALUES ({wide}, 1)",
        f"INSERT INTO milestones ({HEAD}, {MILESTONE}) SELECT {head(whole('1000000000 + n'))}, {of('n')}, {many('n')}, 'Nådd', {day}, {no}, {no} "
        f"FROM {series(10 * projects)} s",
        f"INSERT INTO milestones ({HEAD}, {MILESTONE}) SELECT {head(whole('2000000000 + n'))}, {wide}, CAST(n AS text), 'Nådd', {day}, {no}, {no} "
        f"FROM {series(2_000)} s",
        "ANALYZE",
    )


@contextlib.contextmanager
def bare(ceiling, database, higher=False):
    """The ceiling over the same database."""
    address = unused_address()
    process = subprocess.Popen([ceiling, "serve", database.place, "--listen", address, "--workers", str(os.cpu_count() or 1), *(["--higher"] if higher else [])])
    try:
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(address.split(":"), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > until:
                sys.exit("the ceiling did not come up")
            time.sleep(0.01)
        yield address
    finally:
        process.terminate()
        process.wait()


def write(path, lines):
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def load(ceiling, address, file, connections, seconds, begin):
    command = [ceiling, "load", address, file, "--connections", connections, "--seconds", seconds, "--from", begin]
    said = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if said.returncode != 0:
        sys.exit(said.stderr)
    return json.loads(said.stdout)
