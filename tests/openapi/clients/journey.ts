// One journey with the types that openapi-typescript makes of the document: log in, find the project, read its status and
// be told that it has not changed, move a milestone, see the event.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./framdrift.js";

type Milestone = components["schemas"]["Milestone"];

const baseUrl = process.env["FRAMDRIFT_URL"];
const password = process.env["FRAMDRIFT_PASSWORD"];
assert(baseUrl && password, "FRAMDRIFT_URL and FRAMDRIFT_PASSWORD say where and how to log in");

type Json = "application/json" | "application/problem+json";
const anyone = createClient<paths, Json>({ baseUrl });
const login = await anyone.POST("/api/v1/auth/login", { body: { email: "manager@demo.example", password } });
assert(login.data, login.error?.detail);

const headers = { Authorization: `Bearer ${login.data.access_token}`, "Accept-Language": "en" };
const api = createClient<paths, Json>({ baseUrl, headers });

const found = await api.GET("/api/v1/projects", { params: { query: { type: ["pre_project"], sort: ["code"] } } });
assert(found.data, found.error?.detail);
const project = found.data.items[0];
assert(project, "the demo has a pre-project");

const path = { id: project.id };
const status = await api.GET("/api/v1/projects/{id}/status", { params: { path } });
assert(status.data, status.error?.detail);
assert.equal(status.data.project.code, project.code);
const tag = status.response.headers.get("ETag");
assert(tag, "a status has an entity tag");
const again = await api.GET("/api/v1/projects/{id}/status", { params: { path, header: { "If-None-Match": tag } } });
assert.equal(again.response.status, 304);

const start = await api.GET("/api/v1/events", { params: { query: { after: "now", projectId: project.id } } });
assert(start.data, start.error?.detail);

// Without `fields` in the question the items are whole records.
const overdue = await api.GET("/api/v1/milestones", {
    params: { query: { projectId: [project.id], status: ["overdue"], sort: ["-plannedOn"] } },
});
assert(overdue.data, overdue.error?.detail);
const milestone = overdue.data.items[0] as Milestone | undefined;
assert(milestone, "the demo has an overdue milestone");

const plannedOn = milestone.plannedOn === "2018-02-15" ? "2018-02-16" : "2018-02-15";
const stale = await api.PATCH("/api/v1/milestones/{id}", {
    params: { path: { id: milestone.id }, header: { "If-Match": '"999999"', "X-Change-Reason": "Too late" } },
    body: { plannedOn },
});
assert.equal(stale.response.status, 412);
assert.equal(stale.error?.code, "record.stale");
const moved = await api.PATCH("/api/v1/milestones/{id}", {
    params: {
        path: { id: milestone.id },
        header: { "If-Match": `"${milestone.version}"`, "X-Change-Reason": "The workshop is moved" },
    },
    body: { plannedOn },
});
assert(moved.data, moved.error?.detail);
assert.equal(moved.data.plannedOn, plannedOn);
assert.equal(moved.response.headers.get("ETag"), `"${milestone.version + 1}"`);

const events = await api.GET("/api/v1/events", {
    params: { query: { after: start.data.next, projectId: project.id, types: ["milestone.*"], wait: 10 } },
});
assert(events.data, events.error?.detail);
const event = events.data.items.find((one) => one.record.id === milestone.id);
assert.equal(event?.type, "milestone.rescheduled");
assert.equal(event.reason, "The workshop is moved");

const changed = await api.GET("/api/v1/projects/{id}/status", { params: { path, header: { "If-None-Match": tag } } });
assert.equal(changed.response.status, 200, "the status has changed");
console.log(`TypeScript: ${project.code}: milestone ${milestone.number} moved to ${plannedOn}, ${event.id} ${event.type}`);
