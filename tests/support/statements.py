"""The statements of the service's reports, for others to ask the same: their text stands in its source, their columns in the tables."""

import re

from bench import ROOT

# Tables of records of a project that no report is folded from: what comes by the hundred thousand, and what is no part of a project.
LEFT_OUT = {"calendar_links", "cost_entries", "external_references", "flags", "outbound_messages", "time_entries", "webhook_deliveries"}
# The entries of the journal that a status tells of.
EVENTS = ("decision_point.decided", "project.phase_changed", "document.adopted", "final_report.adopted", "milestone.rescheduled")
PAGE = 50


def questions(database):
    """What a status, the findings and a page of the portfolio ask, but for who the caller is. `$1` is the project; of the portfolio, `$1`
    to `$50` are its projects, and `$51` is the day."""
    directory, derived = database.uuid("00000000-0000-0000-0000-000000000000"), database.uuid("ffffffff-ffff-ffff-ffff-fffffffffffe")
    here = [f"${place}" for place in range(1, PAGE + 1)]
    heads = ", ".join(f'"{column}"' for column in database.columns["projects"] if column != "search_text")
    entries = 'sequence, event, record_kind, record_id, project_id, version, actor_kind, actor_id, at, reason, "before", "after", via'
    events = ", ".join(f"'{event}'" for event in EVENTS)
    some = ", ".join(here)
    return {
        "counters": constant("store/counters.rs", "COUNTERS").replace("$2", directory),
        "picture": picture(database),
        "journal": f"SELECT {entries} FROM journal WHERE project_id = $1 AND event IN ({events}) ORDER BY sequence",
        "happened": constant("store/feed/mod.rs", "sql", "fn happened").replace("$1", derived),
        "page": f"SELECT {heads} FROM projects ORDER BY COALESCE(starts_on, 'infinity'), id LIMIT {PAGE + 1}",
        "told": told(here, f"${PAGE + 1}"),
        "budgets": f"SELECT * FROM budgets WHERE project_id IN ({some}) AND (status = 'committed' OR project_id IN ({some}))",
        "webhooks": "SELECT * FROM webhooks WHERE project_id IS NULL AND disabled_reason IS NOT NULL",
    }


def picture(database):
    """Everything of a project and around it (api/src/store/picture.rs)."""
    tables = database.columns
    source = (ROOT / "api/src/store/picture.rs").read_text(encoding="utf-8")
    around = re.findall(r'\((?:"([a-z-]+)"|WEBHOOKS), "([^"]+)"\),', re.search(r" AROUND: .*?\];", source, re.S)[0])
    conditions = {name: "project_id = $1" for name, columns in tables.items() if {"project_id", "search_text"} <= set(columns) and name not in LEFT_OUT}
    conditions |= {(path or "webhooks").replace("-", "_"): condition for path, condition in around}
    parts = [f"SELECT {place} AS place, id AS id, {database.record(name)} AS record FROM {name} WHERE {condition}"
             for place, (name, condition) in enumerate(conditions.items())]
    sets = constant("store/picture.rs", "SETS").replace("{id}", database.identifiers)
    return f"{sets} {' UNION ALL '.join(parts)} ORDER BY place, id"


def told(here, at):
    """What the portfolio tells of projects beside them, at a day (api/src/reports/portfolio/rows.rs)."""
    text = constant("reports/portfolio/rows.rs", "TOLD")
    codes = {"at": at, "postponed": "postponed", "published": "published", "binding": "'committed', 'payout_requested', 'paid'"}
    for name, code in codes.items():
        text = text.replace(f"{{{name}}}", code)
    return f"WITH here (id, inside) AS (VALUES {', '.join(f'({project}, true)' for project in here)}), {text}"


def constant(file, name, after=""):
    """A text that stands under a name in the source of the service."""
    source = (ROOT / "api/src" / file).read_text(encoding="utf-8")
    return re.sub(r"\\\n\s*", "", re.search(rf'\b{name}\b[^"=]*= "(.*?)";', source[source.index(after):], re.S)[1])
