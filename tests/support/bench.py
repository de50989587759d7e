"""What the benchmarks share: a database of either engine with the Sør-Troms project, and the service over it."""

import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EMAIL, PASSWORD = "bench@framdrift.example", "bench-passord-som-er-langt"
PATIENCE_S = 60
NOW = "2026-01-01T00:00:00+00:00"


def beside_postgres(script):
    """Goes on beside a cluster of its own, unless one is named already."""
    if "FRAMDRIFT_TEST_POSTGRES" not in os.environ:
        beside = ROOT / "tests/with-postgres"
        # An answer of the service is durable, so the one that it is held against is, too.
        os.environ["FRAMDRIFT_POSTGRES_DURABLE"] = "1"
        os.execv(beside, [str(beside), sys.executable, script, *sys.argv[1:]])


def release(package="framdrift"):
    subprocess.run(["cargo", "build", "--release", "--locked", "--package", package], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / package


class Sqlite:
    """A file of its own. Statements run in Python's own SQLite."""

    name = "SQLite"
    identifier = "randomblob(16)"
    identifiers = "blob"
    yes, no = "1", "0"

    def __init__(self, directory, binary):
        self.binary = binary
        self.arguments = ["--data-dir", directory]
        self.place = str(Path(directory, "framdrift.db"))
        prepare(binary, self.arguments)
        self.database = sqlite3.connect(self.place)
        self.database.execute("PRAGMA foreign_keys = OFF")
        self.database.create_function("uuid_of", 1, lambda number: bytes.fromhex(f"{number:032d}"), deterministic=True)

    def uuid(self, text):
        return f"X'{text.replace('-', '')}'"

    def hexed(self, expression):
        """An identifier from a number: the same for the same number."""
        return f"CAST(printf('%016d', {expression}) AS blob)"

    def uuid_of(self, number):
        """The identifier that shows a number in its digits."""
        return f"uuid_of({number})"

    def day(self, first, days):
        return f"date('{first}', ({days}) || ' days')"

    def series(self, count):
        return f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"

    @functools.cached_property
    def columns(self):
        """The columns of each table, and what is in them."""
        return tables(self.rows("SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' "
                                "ORDER BY m.name, c.cid"))

    def record(self, table):
        """A row of a table as JSON, as the service asks for it."""
        shown = {"uuid": "lower(hex({}))", "json": "json({})"}
        return as_members(self.columns[table], shown)

    def version(self, table):
        """A row of a table as JSON, as the journal keeps it."""
        shape = "||'-'||".join(f"substr(hex({{0}}), {first}, {length})" for first, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))
        shown = {"uuid": f"CASE WHEN {{0}} IS NOT NULL THEN lower({shape}) END", "json": "json({})",
                 "bool": "json(CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)", "time": "replace({}, '+00:00', 'Z')"}
        return as_members(self.columns[table], shown)

    def run(self, *statements):
        for statement in statements:
            self.database.execute(statement)
        self.database.commit()

    def tidy(self):
        """What its planner is to know after many rows were written."""
        self.run("ANALYZE")

    def rows(self, statement):
        return self.database.execute(statement).fetchall()

    def timed(self, statements):
        """Milliseconds that the statements take, their rows fetched."""
        began = time.perf_counter()
        for statement in statements:
            self.database.execute(statement).fetchall()
        return (time.perf_counter() - began) * 1000


class Postgres:
    """A database of its own. Statements run in one psql, which tells how long each took."""

    name = "PostgreSQL"
    identifier = "gen_random_uuid()"
    identifiers = "uuid"
    yes, no = "true", "false"

    def __init__(self, address, psql, binary):
        self.binary = binary
        self.place = self.address = address
        self.psql = psql
        self.arguments = ["--database-url", address]
        prepare(binary, self.arguments)

    def uuid(self, text):
        return f"'{text}'::uuid"

    def hexed(self, expression):
        return f"lpad(({expression})::text, 32, '0')::uuid"

    def uuid_of(self, number):
        return self.hexed(number)

    def day(self, first, days):
        return f"DATE '{first}' + ({days})::int"

    def series(self, count):
        return f"(SELECT n FROM generate_series(1, {count}) n)"

    @functools.cached_property
    def columns(self):
        """The columns of each table, and what is in them."""
        return tables(self.rows("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
                                "ORDER BY table_name, ordinal_position"))

    def record(self, table):
        """A row of a table as JSON, as the service asks for it."""
        members = ", ".join(f'"{column}" AS "{wire(column)}"' for column in self.columns[table] if column != "search_text")
        return f"(SELECT CAST(row_to_json(r) AS text) FROM (SELECT {members}) r)"

    def version(self, table):
        """A row of a table as JSON, as the journal keeps it."""
        shown = {"time": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""}
        members = ", ".join(f'{shown.get(kind, "{}").format(quoted(column))} AS "{wire(column)}"'
                            for column, kind in self.columns[table].items() if column != "search_text")
        return f"(SELECT to_jsonb(r) FROM (SELECT {members}) r)"

    def asked(self, text):
        command = [self.psql, "--quiet", "--tuples-only", "--no-align", "--field-separator", "\t", "--set", "ON_ERROR_STOP=1", self.address]
        told = subprocess.run(command, input=text, capture_output=True, text=True)
        if told.returncode != 0:
            sys.exit(told.stderr)
        return told.stdout

    def run(self, *statements):
        self.asked("".join(f"{statement};\n" for statement in statements))

    def tidy(self):
        """What its planner is to know after many rows were written; and what it would clear up by itself while something is measured."""
        self.run("VACUUM ANALYZE")

    def rows(self, statement):
        return [line.split("\t") for line in self.asked(f"{statement};\n").splitlines()]

    def timed(self, statements):
        said = self.asked("\\timing on\n" + "".join(f"{statement};\n" for statement in statements))
        return sum(float(line.split()[1]) for line in said.splitlines() if line.startswith("Time: "))


def tables(rows):
    """What is in each column of each table: `uuid`, `json`, `bool`, `time` (an instant), or something else."""
    found = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind[:4]
    return found


def as_members(columns, shown):
    """SQLite's JSON object of columns under their wire names, each shown as what is in it is."""
    members = (f"'{wire(column)}', {shown.get(kind, '{0}').format(quoted(column))}" for column, kind in columns.items() if column != "search_text")
    return f"json_object({', '.join(members)})"


def quoted(column):
    return f'"{column}"'


def wire(column):
    """The name of a column on the wire."""
    return re.sub("_([a-z0-9])", lambda found: found[1].upper(), column)


def prepare(binary, database):
    demo = ROOT / "api/demo/sor-troms.json"
    subprocess.run([binary, *database, "--log", "warn", "import", demo], check=True, stdout=subprocess.DEVNULL)
    add = [binary, *database, "--log", "warn", "user", "add", "--email", EMAIL, "--name", "Bench", "--administrator", "--password-stdin"]
    subprocess.run(add, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def engine(name, binary):
    """A prepared database of an engine, taken away afterwards."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="framdrift-bench.") as directory:
            yield Sqlite(directory, binary)
        return
    server = os.environ["FRAMDRIFT_TEST_POSTGRES"]
    psql = shutil.which("psql") or sys.exit("psql is missing")
    database = f"framdrift_bench_{os.getpid()}"
    subprocess.run([psql, "--quiet", server, "--command", f"CREATE DATABASE {database}"], check=True)
    try:
        yield Postgres(f"{server.rsplit('/', 1)[0]}/{database}", psql, binary)
    finally:
        subprocess.run([psql, "--quiet", server, "--command", f"DROP DATABASE {database} WITH (FORCE)"], check=True)


def under(valgrind, binary, directory, out, *further):
    """A program that becomes the binary under callgrind."""
    program = Path(directory, "counted")
    # The binary brings an allocator of its own; valgrind is to leave it alone.
    arguments = " ".join(["-q", "--tool=callgrind", f"--callgrind-out-file={out}", *further])
    program.write_text(f'#!/bin/sh\nexec {valgrind} {arguments} {binary.resolve()} "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    return program


def unused_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def resident(pid, line_of="VmRSS"):
    """MiB that a process holds; as `VmHWM` the most that it ever held (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{line_of}:"):
            return int(line.split()[1]) / 1024
    sys.exit("the kernel does not tell the memory of the process")


class Service:
    """The service over a database, and one connection to it that stays open."""

    def __init__(self, binary, engine, settings=()):
        self.address = unused_address()
        host, port = self.address.split(":")
        command = [binary, *engine.arguments, "--listen", self.address, "--log", "warn", "--rate-limit", "0", "--report-limit", "0", *settings, "serve"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connection = http.client.HTTPConnection(host, int(port), timeout=PATIENCE_S)
        self.headers = {}

    def __enter__(self):
        try:
            self.wait()
            self.log_in()
            return self
        except BaseException:
            self.process.kill()
            raise

    def wait(self):
        """Until it is ready."""
        until = time.monotonic() + PATIENCE_S
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit("the service did not become ready")

    def until(self, done):
        """Until it has done its own work, however long that takes."""
        while not done():
            if self.process.poll() is not None:
                sys.exit("the service ended in the midst of its work")
            time.sleep(0.1)

    def rests(self):
        """Whether it does little (Linux): after its start it reads a whole file of SQLite."""
        before = self.worked()
        time.sleep(0.5)
        return self.worked() - before < 0.05

    def worked(self):
        """Seconds that it took of the processors."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def log_in(self):
        """Takes a token, which holds for a quarter of an hour."""
        self.headers = {}
        body = json.dumps({"email": EMAIL, "password": PASSWORD})
        # The service closes what is idle for two minutes; the library opens it again by itself.
        self.connection.close()
        status, _, answer = self.ask("POST", "/api/v1/auth/login", body, {"Content-Type": "application/json"})
        if status != 200:
            sys.exit(f"the login was answered with {status}")
        self.headers = {"Authorization": f"Bearer {json.loads(answer)['access_token']}"}

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            self.connection.close()
            time.sleep(0.01)
            return False

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def timed(self, path, headers=None, status=200):
        """Milliseconds until an answer of this status is read."""
        began = time.perf_counter()
        told, _, _ = self.ask("GET", path, headers=headers)
        took = (time.perf_counter() - began) * 1000
        if told != status:
            sys.exit(f"{path} was answered with {told}, not {status}")
        return took

    def memory(self):
        return resident(self.process.pid)

    def most_memory(self):
        """The most that it ever held."""
        return resident(self.process.pid, "VmHWM")

    def descriptors(self):
        """Files and sockets that it has open (Linux)."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


def in_turn(runs, *works):
    """The median of each work, done in turn so that all meet the same machine; a first round is not counted."""
    for work in works:
        work()
    took = [[] for _ in works]
    for _ in range(runs):
        for one, work in zip(took, works, strict=True):
            one.append(work())
    return [statistics.median(one) for one in took]
