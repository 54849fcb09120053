// Every page of the desk's route table with every role, both ways; and what strangers try.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AUDITOR, CLERK, MANAGER, session, staff } from "./harness/desk.js";
import { Instance, ROOT } from "./harness/instance.js";

const ROUTE = /page\((None|read|work|manage), "([^"]+)", (get|post)\(/g;
const TABLE = [...readFileSync(join(ROOT, "crates/desk/src/pages/mod.rs"), "utf8").matchAll(ROUTE)]
  .map(([, right, path, method]) => ({ right, path, method: method.toUpperCase() }));
const RIGHTS = { auditor: ["read"], clerk: ["read", "work"], manager: ["read", "work", "manage"] };
const SOME_ID = "019e8178-f18a-75fb-881b-4aee22d7aef6";
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
// A sign-in and a sign-out change the session that the test is made with.
const OWN_SESSION = ["/sign-out", "/account/sign-out-everywhere"];
let instance, desk;
const cookies = {};

before(async () => {
  instance = await new Instance().up();
  await staff(instance);
  desk = instance.url("desk");
  for (const [role, who] of Object.entries({ manager: MANAGER, clerk: CLERK, auditor: AUDITOR })) {
    cookies[role] = await session(instance, who);
  }
});
after(async () => await instance?.down());

function ask(method, path, { cookie, headers = {}, body } = {}) {
  const all = { accept: "text/html", ...(cookie && { cookie }), ...headers };
  const form = method === "POST" && body === undefined ? new URLSearchParams() : body;
  return fetch(desk + path, { method, headers: all, body: form, redirect: "manual" });
}

test("the route table is read whole", () => {
  assert.ok(TABLE.length >= 30, `${TABLE.length} routes`);
  const source = readFileSync(join(ROOT, "crates/desk/src/pages/mod.rs"), "utf8");
  assert.equal(TABLE.length, source.match(/^ {8}page\(/gm).length);
});

for (const { right, path, method } of TABLE) {
  const address = path.replace("{id}", SOME_ID).replace("{name}", "nobody").replace("{link}", "0".repeat(64));
  test(`${method} ${path} is for ${right === "None" ? "everybody" : right}`, async () => {
    const stranger = await ask(method, address);
    for (const [name, value] of Object.entries(HEADERS)) assert.equal(stranger.headers.get(name), value, name);
    assert.match(stranger.headers.get("content-security-policy"), /default-src 'none'/);
    if (right === "None") return assert.ok(![401, 403].includes(stranger.status) && stranger.headers.get("location") !== "/sign-in");
    assert.equal(stranger.headers.get("location"), "/sign-in", "a stranger is asked to sign in");
    const forged = await ask(method, address, { cookie: `propusk_desk=${"0".repeat(64)}` });
    assert.equal(forged.headers.get("location"), "/sign-in");
    for (const [role, rights] of Object.entries(RIGHTS)) {
      if (OWN_SESSION.includes(path) && rights.includes(right)) continue;
      const { status, headers } = await ask(method, address, { cookie: cookies[role] });
      if (rights.includes(right)) assert.ok(status !== 403 && status < 500 && headers.get("location") !== "/sign-in", `${role}: ${status}`);
      else assert.equal(status, 403, role);
    }
  });
}

test("a form of another site is refused, whoever is signed in", async () => {
  for (const { path } of TABLE.filter((route) => route.method === "POST")) {
    const address = path.replace("{id}", SOME_ID).replace("{name}", "nobody").replace("{link}", "0".repeat(64));
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://elsewhere.example" }]) {
      const { status } = await ask("POST", address, { cookie: cookies.manager, headers });
      assert.equal(status, 403, path);
    }
  }
});

test("a session that was planted before the sign-in is worth nothing after it", async () => {
  const planted = `propusk_desk=${"a".repeat(64)}`;
  const body = new URLSearchParams(CLERK);
  const entered = await ask("POST", "/sign-in", { cookie: planted, body });
  const cookie = entered.headers.get("set-cookie");
  assert.match(cookie, /^propusk_desk=[0-9a-f]{64}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  assert.equal((await ask("GET", "/", { cookie: planted })).headers.get("location"), "/sign-in");
  assert.equal((await ask("GET", "/", { cookie: cookie.split(";")[0] })).status, 200);
});

test("after a sign-out the old token opens nothing", async () => {
  const cookie = await session(instance, AUDITOR);
  assert.equal((await ask("GET", "/", { cookie })).status, 200);
  await ask("POST", "/sign-out", { cookie });
  assert.equal((await ask("GET", "/", { cookie })).headers.get("location"), "/sign-in");
});

test("the set-up link is used up", async () => {
  assert.equal((await ask("GET", "/set-up?code=")).status, 404);
  const body = new URLSearchParams({ code: "", name: "mallory", password: "a long enough one" });
  assert.equal((await ask("POST", "/set-up", { body })).status, 404);
});

test("paths lead out of nothing", async () => {
  for (const path of ["/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/permits/..%2f..%2fx", "/orders/%00", "//etc/passwd"]) {
    const { status } = await ask("GET", path, { cookie: cookies.clerk });
    assert.ok(status === 404 || status === 400, `${path}: ${status}`);
  }
});

async function upload(name, bytes) {
  const begun = await ask("POST", "/orders", { cookie: cookies.clerk });
  const form = new FormData();
  form.append("table", new Blob([bytes]), name);
  return ask("POST", `${begun.headers.get("location")}/table`, { cookie: cookies.clerk, body: form });
}

test("what is too large or no table is refused and harms nothing", async () => {
  const { hostname, port } = new URL(desk);
  const socket = connect(Number(port), hostname);
  const head = `POST /orders/${SOME_ID}/table HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookies.clerk}\r\n`;
  socket.write(`${head}content-type: multipart/form-data; boundary=x\r\ncontent-length: 2097152\r\n\r\n`);
  const answer = await new Promise((told) => socket.once("data", told));
  socket.destroy();
  assert.match(answer.toString(), /^HTTP\/1\.1 413/);
  assert.equal((await upload("group.xlsx", Buffer.from("PK\x03\x04 nothing"))).status, 422);
  assert.equal((await upload("../../group.csv", Buffer.from("surname\n"))).status, 422);
  assert.equal((await ask("GET", "/", { cookie: cookies.clerk })).status, 200);
});

test("a request that never ends is cut off", async () => {
  const { hostname, port } = new URL(desk);
  const socket = connect(Number(port), hostname);
  const begun = Date.now();
  socket.write(`POST /sign-in HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nname=`);
  const answer = await new Promise((told) => socket.once("data", told));
  socket.destroy();
  assert.match(answer.toString(), /^HTTP\/1\.1 (408|400)/);
  assert.ok(Date.now() - begun < 120_000);
});

test("five wrong guesses lock a name out, and the right password too", async () => {
  const guess = (password) => ask("POST", "/sign-in", { body: new URLSearchParams({ name: AUDITOR.name, password }) });
  for (let at = 0; at < 5; at++) assert.equal((await guess(`wrong guess ${at}`)).status, 422);
  assert.equal((await guess(AUDITOR.password)).status, 429);
});
