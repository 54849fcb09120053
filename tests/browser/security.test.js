// Every page of the desk's route table with every role, both ways; and what strangers try.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { staff } from "./harness/desk.js";
import { SOME_ID, guarded } from "./harness/guarded.js";

const guards = guarded("desk", {
  people: staff,
  home: "/",
  astray: ["/permits/..%2f..%2fx", "/orders/%00"],
  routes: 30,
});
const { ask, cookies } = guards;

test("the set-up link is used up", async () => {
  assert.equal((await ask("GET", "/set-up?code=")).status, 404);
  const body = new URLSearchParams({ code: "", name: "mallory", password: "a long enough one" });
  assert.equal((await ask("POST", "/set-up", { body })).status, 404);
});

async function upload(name, bytes) {
  const begun = await ask("POST", "/orders", { cookie: cookies.clerk });
  const form = new FormData();
  form.append("table", new Blob([bytes]), name);
  return ask("POST", `${begun.headers.get("location")}/table`, { cookie: cookies.clerk, body: form });
}

test("what is too large or no table is refused and harms nothing", async () => {
  const { hostname, port } = new URL(guards.url);
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
  const { hostname, port } = new URL(guards.url);
  const socket = connect(Number(port), hostname);
  const begun = Date.now();
  socket.write(`POST /sign-in HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nname=`);
  const answer = await new Promise((told) => socket.once("data", told));
  socket.destroy();
  assert.match(answer.toString(), /^HTTP\/1\.1 (408|400)/);
  assert.ok(Date.now() - begun < 120_000);
});
