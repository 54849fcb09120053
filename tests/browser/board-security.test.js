// Every page of the recorder's route table with every role, both ways; and what strangers try.
import assert from "node:assert/strict";
import { test } from "node:test";
import { officers } from "./harness/board.js";
import { guarded } from "./harness/guarded.js";

const { ask, cookies } = guarded("recorder", {
  people: officers,
  home: "/board",
  astray: ["/board/alerts/..%2f..%2fx", "/board/%00"],
  routes: 15,
});

test("an open board is told that its session is over", async () => {
  const headers = { accept: "text/event-stream" };
  assert.equal((await ask("GET", "/board/events", { headers })).status, 401);
});

test("a session of the board opens nothing of the operator's", async () => {
  for (const path of ["/v1/users", "/v1/look-ups", "/v1/inside", "/v1/audit", "/metrics"]) {
    assert.equal((await ask("GET", path, { cookie: cookies.manager })).status, 401, path);
  }
});
