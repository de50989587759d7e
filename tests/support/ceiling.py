"""Our operations against the ceiling: bare handlers over the same rows (tests/ceiling), asked in turn."""

import contextlib
import itertools
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
from statements import questions

WIDE = "015ec5c8-6c00-700b-8000-0000000000ff"
OWNER = "015ec5c8-6c00-7001-8000-000000000001"
CONNECTIONS = (1, 16, 64)
# What each is promised to reach of the ceiling; a report takes at most one and a half times as long as its statements.
REPORTS = ("status report", "findings", "portfolio")
PROMISED = {
    "read one": 0.85, "304": 0.90, "list of 50": 0.90, "deep page": 0.90, "milestones of a project": 0.90, "create": 0.70, "change": 0.70,
    **dict.fromkeys(REPORTS, 1 / 1.5),
}
# The same of the higher ceiling, whatever it is; of writes where many come and one thread commits them together.
HIGHER = 0.50
# Measured in the same rounds, for the second is promised to be as fast as the first.
PAGES, AS_FAST = ("list of 50", "deep page"), 0.90
# What may be slower beside a hundred times as many rows, and how much more than the ceiling is.
GROWING, GROWN = ("read one", "304", *PAGES), 1.2
LOADED_MIB = 150
HEAD = "id, version, created_at, updated_at, search_text"


def promised(engine, what, connections, higher):
    """What an operation is promised to reach; nothing where no promise was made."""
    if not higher:
        return PROMISED[what]
    return HIGHER if what not in ("create", "change") or (engine == "SQLite" and connections == 16) else 0


def measure(binary, ceiling, kinds, projects, rounds, seconds, wanted, higher=False):
    """Prints a line for each operation whose name is wanted, engine and number of connections. Whether every promise is kept; and the
    requests a second of ours and of the ceiling's."""
    print(f"{'beside the higher ceiling: ' if higher else ''}{projects} projects of 10 milestones and one of 2 000; medians of {rounds} rounds of {seconds} s "
          "in turn,\nand of the ratio the lowest and the highest round. A report is read whole, with no tag of an older one; its ceiling asks\n"
          "the statements that the service asks for it, and sends their rows.\n")
    print(f"{'':<44}{'ours/s':>9}{'ceiling':>9}{'ratio':>7}{'rounds':>12}{'at least':>9}{'p50 ms':>8}{'p99 ms':>8}{'x':>6}")
    kept, figures = True, {}
    for kind in kinds:
        with engine(kind, binary) as database:
            fill(database, projects)
            with Service(binary, database) as service, bare(ceiling, database, higher) as address:
                service.until(service.rests)
                operations = [one for one in operations_of(database, service, projects) if wanted(one[0]) and not (higher and one[0] in REPORTS)]
                for rows in asked(ceiling, service, address, operations, rounds, seconds):
                    kept &= all([told(database.name, higher, *one) for one in rows])
                    kept &= as_fast(database.name, {what: took for what, *took in rows})
                    figures |= {(database.name, what, connections): (median(ours), median(theirs)) for what, connections, ours, theirs in rows}
                kept &= loaded(database.name, service)
    return kept, figures


def told(engine, higher, what, connections, ours, theirs):
    """A line; whether what was promised is kept. p99 is held against the median at 64 connections."""
    least = promised(engine, what, connections, higher)
    ratio, lowest, highest = ratios(ours, theirs)
    middle = {name: median(ours, name) for name in ("per_second", "p50", "p99")}
    spread = middle["p99"] / middle["p50"]
    kept = ratio >= least and (connections < 64 or spread <= 10)
    print(f"{f'{engine}: {what}, {connections} at once':<44}{middle['per_second']:>9.0f}{median(theirs):>9.0f}{ratio:>7.2f}"
          f"{f'{lowest:.2f}–{highest:.2f}':>12}{f'{least:.2f}' if least else '–':>9}"
          f"{middle['p50']:>8.2f}{middle['p99']:>8.2f}{spread:>6.1f}{'' if kept else '  MISSED'}", flush=True)
    return kept


def as_fast(engine, pages):
    """Whether a page far behind comes as fast as the first, where both were asked for. No promise hangs on how the ceiling does."""
    if not all(name in pages for name in PAGES):
        return True
    (connections, first, bare_first), (_, deep, bare_deep) = (pages[name] for name in PAGES)
    (ratio, lowest, highest), bare = ratios(deep, first), ratios(bare_deep, bare_first)[0]
    kept = ratio >= AS_FAST
    print(f"{engine}: a deep page is {ratio:.2f} ({lowest:.2f}–{highest:.2f}) times as fast as the first, {connections} at once; at least {AS_FAST:.2f}: "
          f"{verdict(kept)} (the ceiling: {bare:.2f})", flush=True)
    return kept


def loaded(engine, service):
    """Whether the service held no more memory than promised, its start and its logins included."""
    most = service.most_memory()
    print(f"{engine}: {most:.0f} MiB at most while it was loaded, at most {LOADED_MIB}: {verdict(most <= LOADED_MIB)}", flush=True)
    return most <= LOADED_MIB


def grown(few, many):
    """How much slower ours and the ceiling are where there are more rows; whether ours are slower by little more than the ceiling."""
    print(f"\n{'times as long beside the more rows':<44}{'ours':>9}{'ceiling':>9}{'ratio':>7}{'at most':>12}")
    kept = True
    for (engine, what, connections), (ours, theirs) in few.items():
        more = many[engine, what, connections]
        slower, bare = ours / more[0], theirs / more[1]
        within = slower / bare <= GROWN
        kept &= within
        print(f"{f'{engine}: {what}, {connections} at once':<44}{slower:>9.2f}{bare:>9.2f}{slower / bare:>7.2f}{GROWN:>12.2f}{'' if within else '  MISSED'}")
    print("One was measured after the other, and what the ceiling loses too is the engine's and the machine's: it is the ratio that is held\n"
          "against the promise. tests/bench-instructions --projects counts what a request takes of the processor, which nothing disturbs.")
    return kept


def verdict(kept):
    return "kept" if kept else "MISSED"


def median(rounds, name="per_second"):
    return statistics.median([one[name] for one in rounds])


def ratios(ours, theirs):
    """Of what was done in the same rounds: the median of the ratios, the lowest and the highest."""
    each = [one["per_second"] / other["per_second"] for one, other in zip(ours, theirs, strict=True)]
    return statistics.median(each), min(each), max(each)


def asked(ceiling, service, address, operations, rounds, seconds):
    """Operations at each number of connections, those that belong together in the same rounds: what the service did, and what the ceiling
    did, round by round."""
    with tempfile.TemporaryDirectory(prefix="framdrift-bench.") as directory:
        for number, (_, group) in enumerate(itertools.groupby(operations, lambda one: PAGES if one[0] in PAGES else one[0])):
            names, *sides = zip(*group)
            targets = [(server, write(Path(directory, f"{number}.{side}.{place}.jsonl"), lines[place]))
                       for place in range(len(names)) for side, (server, lines) in enumerate(zip((service.address, address), sides, strict=True))]
            begin = [0] * len(targets)

            def turn(connections):
                for place, (server, file) in enumerate(targets):
                    done = load(ceiling, server, file, connections, seconds, begin[place])
                    begin[place] = done["next"]
                    if done["wrong"]:
                        sys.exit(f"{names[place // 2]} at {server}: {done['wrong']} of {done['answers']} answers had another status")
                    yield done

            # This one warms caches, and the statements of every connection to the database: PostgreSQL plans them anew a few times.
            list(turn(CONNECTIONS[-1]))
            for connections in CONNECTIONS:
                took = list(zip(*(turn(connections) for _ in range(rounds))))
                yield [(name, connections, *took[2 * place:2 * place + 2]) for place, name in enumerate(names)]


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
    for name, path in (("status report", "status"), ("findings", "findings")):
        yield name, [get(f"/api/v1/projects/{id}/{path}", token) for id in some], [get(f"/projects/{id}/{path}") for id in some]
    yield "portfolio", [get("/api/v1/portfolio?sort=startsOn&limit=50", token)], [get("/portfolio")]
    new = lambda id, number: {"projectId": id, "number": number, "title": "Nådd", "plannedOn": "2018-01-31"}
    made = lambda who, address, headers: [send("POST", address, new(some[n % len(some)], f"{who}{n}"), headers, 201) for n in range(100_000)]
    yield "create", made("o", "/api/v1/milestones", token), made("t", "/milestones", [])
    changes = lambda path, headers, ids: [send("PATCH", path.format(id), {"title": "Nådd, {n}"}, headers, 200) for id in ids]
    merge = lambda lines: [{**line, "headers": [*line["headers"][:-1], ("Content-Type", "application/merge-patch+json")]} for line in lines]
    ours = changes("/api/v1/milestones/{}", [*token, ("If-Match", "{etag}")], milestones[:1_000])
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


# What a project has beside its milestones: the kind of record, its table, how many of them, its columns, and what is in these.
BESIDE = (
    ("goal", "goals", 1, "kind, text", "'outcome', 'Flere bedrifter'"),
    ("activity", "activities", 2, "number, title, kind, status, starts_on", "{many}, 'Samling', 'workshop', 'planned', {day}"),
    ("document", "documents", 1, "kind, title, status, access", "'memo', 'Notat', 'final', 'public'"),
    ("decision_point", "decision_points", 1, "number, theme, planned_on", "{many}, 'Videre', {day}"),
    ("budget", "budgets", 1, "status, kind, total_ore, lines_not_known", "'committed', 'original', 1000000, 0"),
    ("funding_source", "funding_sources", 1, "organisation_id, state, amount_ore", "{owner}, 'committed', 500000"),
    ("cost_entry", "cost_entries", 1, "amount_ore, incurred_on", "n, {day}"),
    ("status_report", "status_reports", 1, "kind, period_from, period_to, state, sections, suggestions, published_at",
     f"'status', '2017-11-01', '2017-12-31', 'published', '[]', '[]', '{NOW}'"),
)
MILESTONE = "number, title, planned_on, internal, requires_document"


def fill(database, projects):
    """Rows made by the database, the same every time: each project with ten milestones and some of what else a project has, one with
    2 000 milestones, and an entry of the journal about each row. The entries come to the feed as a writer leaves them; the service gives
    them their places and chains them, as it does after it was killed."""
    series, day, no = database.series, database.day("2017-11-01", "n % 300"), database.no
    whole, wide, owner = database.uuid_of, database.uuid(WIDE), database.uuid(OWNER)
    of, many = whole(f"(n - 1) % {projects} + 1"), f"CAST((n - 1) / {projects} AS text)"

    def rows(table, id, columns, values, count):
        return f"INSERT INTO {table} ({HEAD}, {columns}) SELECT {id}, 1, '{NOW}', '{NOW}', '', {values} FROM {series(count)} s"

    plan, ten = "code, name, type, conditional, status, starts_on, ends_on", f"'Nådd', {day}, {no}, {no}"
    beside = [rows(table, whole(f"{place}000000000 + n"), f"project_id, {columns}", f"{of}, {values.format(many=many, day=day, owner=owner)}", each * projects)
              for place, (_, table, each, columns, values) in enumerate(BESIDE, 3)]
    records = 11 + sum(each for _, _, each, _, _ in BESIDE)
    database.run(
        rows("projects", whole("n"), plan, f"'P' || n, 'Prosjekt ' || n, 'pre_project', {no}, 'active', {day}, '2030-12-31'", projects),
        rows("projects", wide, plan, f"'BREITT', 'Breitt', 'main_project', {no}, 'active', '2017-11-01', '2030-12-31'", 1),
        f"INSERT INTO scopes (id, counter) SELECT {whole('n')}, {records} FROM {series(projects)} s",
        f"INSERT INTO scopes (id, counter) VALUES ({wide}, 2001)",
        rows("milestones", whole("1000000000 + n"), f"project_id, {MILESTONE}", f"{of}, {many}, {ten}", 10 * projects),
        rows("milestones", whole("2000000000 + n"), f"project_id, {MILESTONE}", f"{wide}, CAST(n AS text), {ten}", 2_000),
        *beside,
        *(entries(database, kind, table) for kind, table, *_ in (("project", "projects"), ("milestone", "milestones"), *BESIDE)),
        "INSERT INTO feed (sequence) SELECT sequence FROM journal WHERE sequence > (SELECT COALESCE(MAX(sequence), 0) FROM feed)",
    )
    with Service(database.binary, database) as service:
        service.until(lambda: chained(database))
    database.tidy()


def entries(database, kind, table):
    """An entry of the journal about each row of a table that was filled, as an import makes it."""
    project = "id" if table == "projects" else "project_id"
    return ("INSERT INTO journal (event, record_kind, record_id, project_id, version, actor_kind, at, after) "
            f"SELECT '{kind}.created', '{kind}', id, {project}, version, 'operator', created_at, {database.version(table)} FROM {table} "
            f"WHERE created_at = '{NOW}' ORDER BY id")


def chained(database):
    """Whether every entry of the journal has its link in the chain."""
    (last, known), = database.rows("SELECT (SELECT MAX(sequence) FROM journal), (SELECT MAX(sequence) FROM journal_chain)")
    return last == known


@contextlib.contextmanager
def bare(ceiling, database, higher=False):
    """The ceiling over the same database."""
    address = unused_address()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="framdrift-bench.", suffix=".json") as file:
        json.dump(questions(database), file)
        file.flush()
        command = [ceiling, "serve", database.place, "--listen", address, "--workers", str(os.cpu_count() or 1), "--questions", file.name]
        # The C library gives back to the kernel what SQLite frees, or keeps it, by what happened before: by that alone the same reports
        # came twice as fast in one run as in the next. It is told to keep it.
        process = subprocess.Popen([*command, *(["--higher"] if higher else [])], env={**os.environ, "MALLOC_TRIM_THRESHOLD_": str(2**28)})
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
