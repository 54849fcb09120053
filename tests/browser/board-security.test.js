// Every page of the recorder's route table with every role, both ways; and what strangers try.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { officers } from "./harness/board.js";
import { AUDITOR, CLERK, MANAGER, session } from "./harness/desk.js";
import { Instance, ROOT } from "./harness/instance.js";

const SOURCE = readFileSync(join(ROOT, "crates/recorder/src/pages/mod.rs"), "utf8");
const ROUTE = /page\((None|read|work|manage), "([^"]+)", (get|post)\(/g;
const TABLE = [...SOURCE.matchAll(ROUTE)].map(([, right, path, method]) => ({ right, path, method: method.toUpperCase() }));
const RIGHTS = { auditor: ["read"], clerk: ["read", "work"], manager: ["read", "work", "manage"] };
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
// A sign-out changes the session that the test is made with.
const OWN_SESSION = ["/sign-out", "/account/sign-out-everywhere"];
let instance, board;
const cookies = {};

before(async () => {
  instance = await new Instance().up();
  officers(instance);
  board = instance.url("recorder");
  for (const [role, who] of Object.entries({ manager: MANAGER, clerk: CLERK, auditor: AUDITOR })) {
    cookies[role] = await session(instance, who, "recorder");
  }
});
after(async () => await instance?.down());

async function ask(method, path, { cookie, headers = {}, body } = {}) {
  const all = { accept: "text/html", ...(cookie && { cookie }), ...headers };
  const form = method === "POST" && body === undefined ? new URLSearchParams() : body;
  const answer = await fetch(board + path, { method, headers: all, body: form, redirect: "manual" });
  // The stream of changes never ends by itself.
  await answer.body?.cancel();
  return answer;
}

function address(path) {
  return path.replace("{id}", "019e8178-f18a-75fb-881b-4aee22d7aef6").replace("{name}", "nobody").replace("{number}", "none");
}

test("the route table is read whole", () => {
  assert.ok(TABLE.length >= 15, `${TABLE.length} routes`);
  assert.equal(TABLE.length, SOURCE.match(/^ {8}page\(/gm).length);
});

for (const { right, path, method } of TABLE) {
  test(`${method} ${path} is for ${right === "None" ? "everybody" : right}`, async () => {
    const stranger = await ask(method, address(path));
    for (const [name, value] of Object.entries(HEADERS)) assert.equal(stranger.headers.get(name), value, name);
    assert.match(stranger.headers.get("content-security-policy"), /default-src 'none'/);
    if (right === "None") return assert.ok(![401, 403].includes(stranger.status) && stranger.headers.get("location") !== "/sign-in");
    assert.equal(stranger.headers.get("location"), "/sign-in", "a stranger is asked to sign in");
    for (const cookie of [`propusk_board=${"0".repeat(64)}`, cookies.manager.replace("propusk_board", "propusk_desk")]) {
      assert.equal((await ask(method, address(path), { cookie })).headers.get("location"), "/sign-in");
    }
    for (const [role, rights] of Object.entries(RIGHTS)) {
      if (OWN_SESSION.includes(path) && rights.includes(right)) continue;
      const { status, headers } = await ask(method, address(path), { cookie: cookies[role] });
      if (rights.includes(right)) assert.ok(status !== 403 && status < 500 && headers.get("location") !== "/sign-in", `${role}: ${status}`);
      else assert.equal(status, 403, role);
    }
  });
}

test("a form of another site is refused, whoever is signed in", async () => {
  for (const { path } of TABLE.filter((route) => route.method === "POST")) {
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://elsewhere.example" }]) {
      const { status } = await ask("POST", address(path), { cookie: cookies.manager, headers });
      assert.equal(status, 403, path);
    }
  }
});

test("a session that was planted before the sign-in is worth nothing after it", async () => {
  const planted = `propusk_board=${"a".repeat(64)}`;
  const entered = await ask("POST", "/sign-in", { cookie: planted, body: new URLSearchParams(CLERK) });
  assert.match(entered.headers.get("set-cookie"), /^propusk_board=[0-9a-f]{64}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  assert.equal((await ask("GET", "/board", { cookie: planted })).headers.get("location"), "/sign-in");
});

test("after a sign-out the old token opens nothing", async () => {
  const cookie = await session(instance, AUDITOR, "recorder");
  assert.equal((await ask("GET", "/board", { cookie })).status, 200);
  await ask("POST", "/sign-out", { cookie });
  assert.equal((await ask("GET", "/board", { cookie })).headers.get("location"), "/sign-in");
  const stream = await ask("GET", "/board/events", { cookie, headers: { accept: "text/event-stream" } });
  assert.equal(stream.status, 401, "an open board is told so");
});

test("a session of the board opens nothing of the operator's", async () => {
  for (const path of ["/v1/users", "/v1/look-ups", "/v1/inside", "/v1/audit", "/metrics"]) {
    assert.equal((await ask("GET", path, { cookie: cookies.manager })).status, 401, path);
  }
});

test("paths lead out of nothing", async () => {
  for (const path of ["/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/board/alerts/..%2f..%2fx", "/board/%00", "//etc/passwd"]) {
    const { status } = await ask("GET", path, { cookie: cookies.clerk });
    assert.ok(status === 404 || status === 400, `${path}: ${status}`);
  }
});

test("five wrong guesses lock a name out, and the right password too", async () => {
  const guess = (password) => ask("POST", "/sign-in", { body: new URLSearchParams({ name: AUDITOR.name, password }) });
  for (let at = 0; at < 5; at++) assert.equal((await guess(`wrong guess ${at}`)).status, 422);
  assert.equal((await guess(AUDITOR.password)).status, 429);
});
