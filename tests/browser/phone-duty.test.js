// A phone that soldiers share, and that may be lost: PINs and the lock, training, the paper list, a driver's file, revocation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { LANGUAGES, PHONE, launch, open } from "./harness/browser.js";
import { Instance, until } from "./harness/instance.js";
import { ask, enrol, online, shot, type, waiting } from "./harness/phone.js";

const POST = "karasay";
const FOREIGN = "https://example.org/a-web-address-and-no-permit";
const SENIOR = { name: "Асанов", pin: "270418" };
const JUNIOR = { name: "42", pin: "918273" };
const WRONG = "555123";
// So many wrong PINs lead to a pause (pin.rs).
const FREE = 5;
// A little more than the ten minutes after which a phone locks.
const UNTOUCHED_MS = 601_000;
const day = (offset) => new Date(Date.now() + 6 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10);
const ORDER = {
  zones: ["issyk-kul"],
  route: ["karasay"],
  valid_from: day(-1),
  copies: 4,
  travellers: [{ surname: "ERIKSSON", given_names: "ANNA MARIA", document_number: "L898902C3", nationality: "UTO", birth_date: "1974-08-12", sex: "F", expiry_date: "2031-04-15" }],
};
let instance, issued, browser, page;

before(async () => {
  instance = await new Instance().up();
  writeFileSync(instance.path("order.json"), JSON.stringify(ORDER));
  issued = JSON.parse(instance.run(["desk", "issue", instance.path("order.json"), "--out", instance.path("sheets"), "--json"]));
  browser = await launch();
  page = await open(browser, { viewport: PHONE });
  await page.goto(`${instance.url("recorder")}/phone/`);
  await page.waitForSelector("html[data-ready]");
  await enrol(page, instance, POST);
  await page.evaluate(() => navigator.serviceWorker.ready);
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

const offline = (is) => page.context().setOffline(is);
const said = (pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById("said").textContent), pattern);
const records = () => instance.run(["recorder", "list", "--json"]).trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
const verdict = (which) => page.waitForSelector(`#verdict[data-verdict=${which}]:not([hidden])`);
const part = (id) => page.click(`#${id} > summary`);

async function reload() {
  await page.reload();
  await page.waitForSelector("html[data-ready]");
}

async function unlock({ name, pin }) {
  await page.fill("#lock-name", name);
  await page.fill("#lock-pin", pin);
  await page.click("#lock-form button");
}

async function add({ name, pin }, ownPin) {
  if (ownPin) await page.fill("#own-pin", ownPin);
  await page.fill("#soldier-new", name);
  await page.fill("#soldier-pin", pin);
  await page.click("#soldier-form button");
}

test("a training has every verdict, is plainly one, and reaches nothing", async () => {
  await part("training-part");
  await page.click("#train");
  await page.waitForSelector("#banner:not([hidden])");
  await shot(page, "training");
  for (const [lesson, expected] of [[1, "accept"], [1, "attention"], [3, "refuse"], [6, "refuse"], [7, "refuse"]]) {
    await page.click(`[data-lesson='${lesson}']`);
    await verdict(expected);
    assert.ok(await page.locator("#banner").isVisible(), "before every verdict");
    if (lesson === 7) await shot(page, "training-verdict");
    await page.click("#next");
  }
  await page.click("[data-lesson='2']");
  await page.click("#everybody");
  await verdict("accept");
  await page.click("#train-end");
  await page.waitForSelector("#banner", { state: "hidden" });
  assert.equal(await waiting(page), 0);
  await online(page);
  await page.waitForSelector("#link[data-link=well]");
  assert.deepEqual(records(), []);
});

test("where soldiers have PINs nobody works without, and whose it was stands in the record", async () => {
  await offline(true);
  await part("soldiers-part");
  await add({ ...SENIOR, pin: "123456" });
  await said("first that anybody|guess this PIN first");
  await add(SENIOR);
  await said(`${SENIOR.name} has a PIN`);
  await add(JUNIOR, WRONG);
  await said("Not the right name and PIN");
  await add(JUNIOR, SENIOR.pin);
  await said(`${JUNIOR.name} has a PIN`);
  await shot(page, "soldiers");
  await type(page, FOREIGN);
  await verdict("refuse");
  await page.click("#lock");
  await page.waitForSelector("#locked:not([hidden])");
  assert.equal(await page.locator("#verdict").isVisible(), false);
  assert.deepEqual(await ask(page, { do: "take", text: issued.permit_number }), { locked: true });
  for (const language of LANGUAGES) {
    await page.goto(`${instance.url("recorder")}/phone/?lang=${language}`);
    await page.waitForSelector("#locked:not([hidden])");
    await shot(page, `locked-${language}`);
  }
  await page.goto(`${instance.url("recorder")}/phone/?lang=en`);
  await page.waitForSelector("#locked:not([hidden])");
  await unlock(JUNIOR);
  await said(`On duty: ${JUNIOR.name}`);
  const [{ duration }] = await page.evaluate(() => performance.getEntriesByName("pin").map(({ duration }) => ({ duration })));
  console.log(`a PIN (Argon2id, 19 MiB, two passes) takes ${duration.toFixed(0)} ms`);
  await part("soldiers-part");
  await page.waitForSelector("#not-senior:not([hidden])");
  assert.equal(await page.locator("#soldier-form").isVisible(), false, "only a senior soldier changes the list");
  await type(page, FOREIGN);
  await verdict("refuse");
  await offline(false);
  await online(page);
  await until("both to be recorded", () => records().length === 2);
  assert.deepEqual(records().map(({ soldier }) => soldier).sort(), [JUNIOR.name, SENIOR.name].sort());
});

test("a phone that nobody touches locks itself, and shows no name any more", async () => {
  await page.click("#next");
  await type(page, issued.copies[1].seal);
  await verdict("accept");
  await page.evaluate((ahead) => {
    const real = Date.now;
    Object.assign(globalThis, { real });
    Date.now = () => real() + ahead;
    document.dispatchEvent(new Event("visibilitychange"));
  }, UNTOUCHED_MS);
  await page.waitForSelector("#locked:not([hidden])");
  await page.evaluate(() => (Date.now = globalThis.real));
  assert.doesNotMatch(await page.locator("main").innerHTML(), /ERIKSSON|L898902C3/);
  await until("the lock of the module", async () => (await ask(page, { do: "state" })).watch === "locked");
});

test("guessing is stopped, and opening the page anew shortens no pause", async () => {
  for (let guess = 0; guess < FREE; guess++) {
    await unlock({ ...SENIOR, pin: WRONG });
    await said("Not the right name and PIN");
    await page.evaluate(() => document.getElementById("said").replaceChildren());
  }
  await unlock(SENIOR);
  await said("Wait \\d+ s");
  await reload();
  await unlock(SENIOR);
  await said("Wait (30|2\\d) s");
  await shot(page, "paused");
  // Another soldier is not kept waiting.
  await unlock(JUNIOR);
  await said(`On duty: ${JUNIOR.name}`);
});

test("a line of the paper list is entered with its time", async () => {
  await part("paper-part");
  await page.fill("#paper-number", issued.permit_number.replaceAll("-", " "));
  await page.fill("#paper-copy", "2");
  await page.fill("#paper-time", `${day(-1)}T21:30`);
  await shot(page, "paper");
  await page.click("#paper-form button");
  await verdict("accept");
  assert.match(await page.locator("#facts").textContent(), new RegExp(`paper list, written at ${day(-1)} 21:30`));
  await until("the line to be recorded", () => records().some(({ kind, soldier }) => kind === "late-entry" && soldier === JUNIOR.name));
  await until("its receipt to be on the phone", async () => (await waiting(page)) === 0);
  await page.click("#next");
});

test("a driver carries what waits, and brings its receipts", async () => {
  await offline(true);
  await type(page, issued.copies[3].seal);
  await verdict("accept");
  await page.click("#next");
  await part("carry-part");
  await page.click("#export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#carried a")]);
  await file.saveAs(instance.path("out.bundle"));
  await shot(page, "carry");
  const taken = JSON.parse(instance.run(["recorder", "import", instance.path("out.bundle"), "--out", instance.path("back.bundle"), "--json"]));
  assert.equal(taken.hand_ins, 1);
  writeFileSync(instance.path("other.bundle"), "no bundle");
  await page.setInputFiles("#bundle", instance.path("other.bundle"));
  await page.click("#import-form button");
  await said("no file of ours");
  await page.setInputFiles("#bundle", instance.path("back.bundle"));
  await page.click("#import-form button");
  await said("Receipts for 1 hand-ins");
  assert.equal(await waiting(page), 0);
});

// What the browser still keeps: rows of the phone, and keys beside them.
const left = () => page.evaluate(() => new Promise((done) => {
  indexedDB.open("propusk-phone").onsuccess = ({ target: { result } }) => {
    const all = result.transaction(["rows", "self"]);
    const [rows, self] = ["rows", "self"].map((store) => all.objectStore(store).getAllKeys());
    all.oncomplete = () => done([rows.result.length, self.result.includes("device")]);
  };
}));

const keptFiles = () => page.locator("#gone-kept .kept").allTextContents();

test("each revoked phone wipes itself and keeps what has no receipt", async () => {
  // The first hears it from a driver's file, with a hand-in that nobody else has.
  const first = await ask(page, { do: "state" });
  const { bundle } = await ask(page, { do: "export" });
  writeFileSync(instance.path("last.bundle"), Buffer.from(bundle, "base64"));
  instance.run(["recorder", "revoke-device", first.device]);
  instance.run(["recorder", "import", instance.path("last.bundle"), "--out", instance.path("revoked.bundle"), "--json"]);
  await type(page, FOREIGN);
  await verdict("refuse");
  await page.click("#next");
  await page.setInputFiles("#bundle", instance.path("revoked.bundle"));
  await page.click("#import-form button");
  await page.waitForSelector("#gone:not([hidden])");
  assert.deepEqual(await left(), [0, false], "nothing of permits, lists, soldiers and key");
  await reload();
  await page.waitForSelector("#gone:not([hidden])");
  await shot(page, "gone");
  assert.match((await keptFiles()).join(), /without a receipt: 1/);
  // The same phone joins again, works, and hears it from the recorder itself, which takes its hand-in into quarantine.
  await offline(false);
  await page.click("#again");
  await enrol(page, instance, POST);
  const second = await ask(page, { do: "state" });
  assert.equal(second.watch, "open", "its soldiers were forgotten");
  await offline(true);
  await type(page, FOREIGN);
  await verdict("refuse");
  instance.run(["recorder", "revoke-device", second.device]);
  await offline(false);
  await online(page);
  await page.waitForSelector("#gone:not([hidden])");
  assert.deepEqual(await left(), [0, false]);
  const quarantine = instance.run(["recorder", "quarantine", "--json"]);
  assert.match(quarantine, new RegExp(second.device));
  const texts = await keptFiles();
  assert.equal(texts.length, 2);
  assert.match(texts.join(), /without a receipt: 1/, "the file of the first is still there");
  assert.deepEqual(page.faults, []);
});
