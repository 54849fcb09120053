// What the pages of every room with a staff hold: each route of its table with every role, both ways; and what
// strangers try.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AUDITOR, CLERK, MANAGER, session } from "./desk.js";
import { Instance, ROOT } from "./instance.js";

const ROUTE = /page\((None|read|work|manage), "([^"]+)", (get|post)\(/g;
const RIGHTS = { auditor: ["read"], clerk: ["read", "work"], manager: ["read", "work", "manage"] };
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
// A sign-in and a sign-out change the session that the test is made with.
const OWN_SESSION = ["/sign-out", "/account/sign-out-everywhere"];
const COOKIES = { desk: "propusk_desk", recorder: "propusk_board" };
export const SOME_ID = "019e8178-f18a-75fb-881b-4aee22d7aef6";

// Tests the pages of a room: `people` lets the staff in, `home` is the page that a sign-in leads to, `astray` are paths
// that lead to nothing, `routes` is how many there are at least. Gives what more tests of the room need.
export function guarded(room, { people, home, astray, routes }) {
  const source = readFileSync(join(ROOT, `crates/${room}/src/pages/mod.rs`), "utf8");
  const table = [...source.matchAll(ROUTE)].map(([, right, path, method]) => ({ right, path, method: method.toUpperCase() }));
  const [own, others] = [COOKIES[room], Object.values(COOKIES).find((name) => name !== COOKIES[room])];
  const guards = { instance: undefined, url: undefined, cookies: {}, ask };
  const { cookies } = guards;

  before(async () => {
    guards.instance = await new Instance().up();
    await people(guards.instance);
    guards.url = guards.instance.url(room);
    for (const [role, who] of Object.entries({ manager: MANAGER, clerk: CLERK, auditor: AUDITOR })) {
      cookies[role] = await session(guards.instance, who, room);
    }
  });
  after(async () => await guards.instance?.down());

  async function ask(method, path, { cookie, headers = {}, body } = {}) {
    const all = { accept: "text/html", ...(cookie && { cookie }), ...headers };
    const form = method === "POST" && body === undefined ? new URLSearchParams() : body;
    const answer = await fetch(guards.url + path, { method, headers: all, body: form, redirect: "manual" });
    // A stream of changes never ends by itself.
    await answer.body?.cancel();
    return answer;
  }
  const to = (answer) => answer.headers.get("location");

  test("the route table is read whole", () => {
    assert.ok(table.length >= routes, `${table.length} routes`);
    assert.equal(table.length, source.match(/^ {8}page\(/gm).length);
  });

  for (const { right, path, method } of table) {
    test(`${method} ${path} is for ${right === "None" ? "everybody" : right}`, async () => {
      const stranger = await ask(method, address(path));
      for (const [name, value] of Object.entries(HEADERS)) assert.equal(stranger.headers.get(name), value, name);
      assert.match(stranger.headers.get("content-security-policy"), /default-src 'none'/);
      if (right === "None") return assert.ok(![401, 403].includes(stranger.status) && to(stranger) !== "/sign-in");
      assert.equal(to(stranger), "/sign-in", "a stranger is asked to sign in");
      for (const cookie of [`${own}=${"0".repeat(64)}`, cookies.manager.replace(own, others)]) {
        assert.equal(to(await ask(method, address(path), { cookie })), "/sign-in");
      }
      for (const [role, rights] of Object.entries(RIGHTS)) {
        if (OWN_SESSION.includes(path) && rights.includes(right)) continue;
        const answer = await ask(method, address(path), { cookie: cookies[role] });
        const { status } = answer;
        if (rights.includes(right)) assert.ok(status !== 403 && status < 500 && to(answer) !== "/sign-in", `${role}: ${status}`);
        else assert.equal(status, 403, role);
      }
    });
  }

  test("a form of another site is refused, whoever is signed in", async () => {
    for (const { path } of table.filter((route) => route.method === "POST")) {
      for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://elsewhere.example" }]) {
        const { status } = await ask("POST", address(path), { cookie: cookies.manager, headers });
        assert.equal(status, 403, path);
      }
    }
  });

  test("a session that was planted before the sign-in is worth nothing after it", async () => {
    const planted = `${own}=${"a".repeat(64)}`;
    const entered = await ask("POST", "/sign-in", { cookie: planted, body: new URLSearchParams(CLERK) });
    const cookie = entered.headers.get("set-cookie");
    assert.match(cookie, new RegExp(`^${own}=[0-9a-f]{64}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`));
    assert.equal(to(entered), home);
    assert.equal(to(await ask("GET", home, { cookie: planted })), "/sign-in");
    assert.equal((await ask("GET", home, { cookie: cookie.split(";")[0] })).status, 200);
  });

  test("after a sign-out the old token opens nothing, and a script is told so", async () => {
    const cookie = await session(guards.instance, AUDITOR, room);
    assert.equal((await ask("GET", home, { cookie })).status, 200);
    await ask("POST", "/sign-out", { cookie });
    assert.equal(to(await ask("GET", home, { cookie })), "/sign-in");
    for (const headers of [{ accept: "text/event-stream" }, { "x-fragment": "1" }]) {
      assert.equal((await ask("GET", home, { cookie, headers })).status, 401);
    }
  });

  test("paths lead out of nothing", async () => {
    for (const path of ["/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", ...astray]) {
      const { status } = await ask("GET", path, { cookie: cookies.clerk });
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    }
  });

  test("five wrong guesses lock a name out, and the right password too", async () => {
    const guess = (password) => ask("POST", "/sign-in", { body: new URLSearchParams({ name: AUDITOR.name, password }) });
    for (let at = 0; at < 5; at++) assert.equal((await guess(`wrong guess ${at}`)).status, 422);
    assert.equal((await guess(AUDITOR.password)).status, 429);
  });

  return guards;
}

function address(path) {
  const some = { id: SOME_ID, name: "nobody", link: "0".repeat(64), number: "none" };
  return path.replace(/\{(\w+)\}/g, (_, part) => some[part]);
}
