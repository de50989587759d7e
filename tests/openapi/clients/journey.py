"""One journey with the client that openapi-python-client makes of the document: log in, find the project, read its status
and be told that it has not changed, move a milestone, see the event."""

import datetime
import os

from framdrift_client import AuthenticatedClient, Client
from framdrift_client.api.access import login
from framdrift_client.api.events import list_events
from framdrift_client.api.milestones import change_milestone, list_milestones
from framdrift_client.api.projects import list_projects
from framdrift_client.api.reports import get_project_status
from framdrift_client.models import (
    EventPage,
    ListMilestonesSortItem,
    ListMilestonesStatusItem,
    ListProjectsTypeItem,
    LoginBody,
    Milestone,
    MilestoneChanges,
    MilestonePage,
    Problem,
    Project,
    ProjectPage,
    Status,
    TokenAnswer,
)

base_url = os.environ["FRAMDRIFT_URL"]
password = os.environ["FRAMDRIFT_PASSWORD"]

token = login.sync(client=Client(base_url), body=LoginBody("manager@demo.example", password))
assert isinstance(token, TokenAnswer), token
api = AuthenticatedClient(base_url, token.access_token, headers={"Accept-Language": "en"})

projects = list_projects.sync(client=api, type_=[ListProjectsTypeItem.PRE_PROJECT])
assert isinstance(projects, ProjectPage), projects
project = projects.items[0]
assert isinstance(project, Project), project

answer = get_project_status.sync_detailed(project.id, client=api)
status = answer.parsed
assert isinstance(status, Status), status
assert status.project.code == project.code
tag = answer.headers["ETag"]
assert get_project_status.sync_detailed(project.id, client=api, if_none_match=tag).status_code == 304

start = list_events.sync(client=api, after="now", project_id=project.id)
assert isinstance(start, EventPage), start

overdue = list_milestones.sync(
    client=api,
    project_id=[project.id],
    status=[ListMilestonesStatusItem.OVERDUE],
    sort=[ListMilestonesSortItem("-plannedOn")],
)
assert isinstance(overdue, MilestonePage), overdue
milestone = overdue.items[0]
assert isinstance(milestone, Milestone), milestone

planned_on = datetime.date(2018, 2, 16 if milestone.planned_on == datetime.date(2018, 2, 15) else 15)
changes = MilestoneChanges(planned_on=planned_on)
stale = change_milestone.sync(milestone.id, client=api, body=changes, if_match='"999999"', x_change_reason="Too late")
assert isinstance(stale, Problem) and stale.code == "record.stale", stale
moved = change_milestone.sync(
    milestone.id,
    client=api,
    body=changes,
    if_match=f'"{milestone.version}"',
    x_change_reason="The workshop is moved",
)
assert isinstance(moved, Milestone), moved
assert moved.planned_on == planned_on and moved.version == milestone.version + 1

events = list_events.sync(client=api, after=start.next_, project_id=project.id, types=["milestone.*"], wait=10)
assert isinstance(events, EventPage), events
event = next(one for one in events.items if one.record.id == milestone.id)
assert event.type_ == "milestone.rescheduled" and event.reason == "The workshop is moved", event

assert get_project_status.sync_detailed(project.id, client=api, if_none_match=tag).status_code == 200
print(f"Python: {project.code}: milestone {milestone.number} moved to {planned_on}, {event.id} {event.type_}")
