// The traveller's evening before, on a phone: the permit letter by letter, any other paper, a passport's lines, the trip.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { LANGUAGES, PHONE, launch, looks, open, sound } from "./harness/browser.js";
import { fake, film, pages } from "./harness/camera.js";
import { SPECIMEN } from "./harness/desk.js";
import { Instance, until } from "./harness/instance.js";

// The clerk typed the letter O for the digit 0.
const ORDER = {
  zones: ["naryn"],
  route: ["kol-suu"],
  valid_from: "2026-06-10",
  travellers: [{ surname: "ERIKSSON", given_names: "ANNA MARIA", document_number: "L8989O2C3", nationality: "UTO", birth_date: "1974-08-12", sex: "F", expiry_date: "2031-04-15" }],
};
// No error in it; its copies stay at two checkpoints.
const GOOD = {
  ...ORDER,
  zones: ["naryn", "issyk-kul"],
  route: ["torugart", "karasay", "kol-suu"],
  travellers: [{ ...ORDER.travellers[0], document_number: "L898902C3" }],
};
// Her passport with another digit in its number, and check digits that hold.
const SLIP = [SPECIMEN[0], "L898903C33UTO7408122F3104150ZE184226B<<<<<12"];
// Where the code stands on a page, with a hand of paper around it: left, top and side, as parts of the page's width.
const REGION = [0.632, 0.945, 0.3];
// Sends the form of a page: the other buttons of one are the camera's.
const SEND = "main form button:not([type=button])";
// A white picture.
const BLANK = "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIPuX1hD77SAA6VEEAoFAIBAIBAKBQCAQfA8Gpwvw4qrwDDIAAAAASUVORK5CYII=";
const ATTEMPTS = "[verify]\nattempts_per_number_per_hour = 1000\nattempts_per_address_per_hour = 1000\n";
// Nothing of these may stand in an address, a log or a metric.
const PERSONAL = ["ERIKSSON", "Eriksson", "L8989", "1974-08-12", "ANNA"];
let instance, browser, number, seal, good;

before(async () => {
  instance = await new Instance({ options: ["--today", "2026-06-01"], config: ATTEMPTS }).up();
  const issued = issue(ORDER);
  number = issued.permit_number;
  seal = issued.copies[1].seal;
  good = issue(GOOD);
  await until("the permit to be known", async () => {
    const body = JSON.stringify({ permit_number: number, surname: "Eriksson" });
    const asked = { method: "POST", body, headers: { "content-type": "application/json" } };
    return (await fetch(`${instance.url("verify")}/v1/permit-checks`, asked)).ok;
  });
  const studio = await launch();
  mkdirSync(instance.path("pages"));
  await film(await studio.newPage(), pages(good.pdf, instance.path("pages")).slice(1, 2), REGION, instance.path("camera.mjpeg"));
  await studio.close();
  browser = await launch(fake(instance.path("camera.mjpeg")));
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

function issue(order) {
  writeFileSync(instance.path("order.json"), JSON.stringify(order));
  return JSON.parse(instance.run(["desk", "issue", instance.path("order.json"), "--out", instance.path("sheets"), "--json"]));
}

async function press(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

// Sends the form of a page whose phone compares: where the build has the module, nothing may be sent.
async function compare(page) {
  if (!(await page.locator("form[data-phone]").count())) return press(page, SEND);
  const sent = [];
  const note = (request) => request.method() === "POST" && sent.push(request.url());
  page.on("request", note);
  await page.click(SEND);
  await page.waitForSelector("[data-by=phone]");
  page.off("request", note);
  assert.deepEqual(sent, [], "passport data never leave the phone");
}

const field = (id) => `[id="${id}"]`;

for (const language of LANGUAGES) {
  test(`a traveller compares the permit with the passport: ${language}`, async () => {
    const page = await open(browser, { viewport: PHONE, language });
    await page.goto(instance.url("verify"));
    assert.ok(page.url().endsWith("/check"));
    await looks(page, `check-empty-${language}`);
    await page.fill("#permit_number", number.toLowerCase().replaceAll("-", " "));
    await page.fill("#birth_date", "12.08.1974");
    await press(page, SEND);
    assert.ok(await page.isVisible("text=2026-06-10"), "the days of the permit");
    await looks(page, `check-answered-${language}`);
    await page.fill("#mrz", SPECIMEN.join("\n"));
    await press(page, SEND);
    const row = page.locator("[data-field=document_number]");
    assert.deepEqual(await row.locator("mark").allTextContents(), ["O", "0"], "the very character is marked on both sides");
    assert.ok(page.url().endsWith("/check"), "nothing personal stands in the address");
    await looks(page, `check-compared-${language}`);

    await page.goto(`${instance.url("verify")}/check/paper`);
    await looks(page, `check-paper-empty-${language}`);
    await page.fill("#surname", "ERIKSON");
    await page.fill("#birth_date", "08.12.1974");
    await page.fill("#document_number", "L898902C3");
    await page.fill("#valid_to", "2026-07-09");
    await page.fill("#mrz", SPECIMEN.join("\n"));
    await compare(page);
    assert.deepEqual(await page.locator("[data-field=surname] mark").allTextContents(), ["–", "S"]);
    await looks(page, `check-paper-${language}`);

    await page.goto(`${instance.url("verify")}/check/passport`);
    await looks(page, `check-passport-empty-${language}`);
    await page.fill("#mrz", SPECIMEN.join("\n").replace("C36UTO", "C37UTO"));
    await compare(page);
    assert.ok(await page.isVisible(".finding.error"));
    await looks(page, `check-passport-${language}`);

    await page.goto(`${instance.url("verify")}/check/seal`);
    await looks(page, `check-seal-empty-${language}`);
    await page.fill("#seal", seal);
    await page.fill("#mrz", SPECIMEN.join("\n"));
    await press(page, SEND);
    assert.ok(await page.isVisible(".notice.good"), "the seal is genuine");
    assert.deepEqual(await page.locator("[data-field=document_number] mark").allTextContents(), ["O", "0"]);
    await looks(page, `check-seal-${language}`);

    // The sheet is good, the passport hers: every soldier lets her through; and where she does not go, it is told.
    await page.fill("#seal", good.copies[1].seal);
    await page.fill("#mrz", SPECIMEN.join("\n"));
    await press(page, SEND);
    assert.ok(await page.isVisible(".notice.good[data-rehearsal]"));
    assert.deepEqual(await page.locator("[data-post=torugart] [data-verdict=accept]").count(), 1);
    await page.click("details:has([data-post=bor-dobo]) summary");
    assert.ok(await page.isVisible("[data-post=bor-dobo] [data-reasons~=wrong-zone]"));
    await looks(page, `check-rehearsal-${language}`);
    await page.context().close();
  });

  test(`a traveller checks the trip: ${language}`, async () => {
    const page = await open(browser, { viewport: PHONE, language });
    await page.goto(`${instance.url("verify")}/check/trip`);
    await looks(page, `check-trip-empty-${language}`);
    await page.fill("#nationality", "FR");
    await page.fill("#passport_expiry", "2031-05-01");
    for (const [row, date] of [[1, "2026-07-01"], [2, "2026-07-15"]]) {
      await page.fill(field(`crossing[${row}].at`), "Manas airport");
      await page.fill(field(`crossing[${row}].date`), date);
    }
    await page.fill(field("stop[1].places"), "Ak-Say valley, Kol-Suuu");
    await page.fill(field("stop[1].date"), "2026-07-10");
    await page.fill(field("stop[1].until"), "2026-07-12");
    await press(page, ".actions button");
    assert.ok(await page.isVisible(field("stop[1].places-wrong")), "a misspelt place is told at its field");
    await sound(page);
    await page.fill(field("stop[1].places"), "Ak-Say valley, Kel-Suu");
    await press(page, ".actions button");
    assert.ok((await page.locator(".finding.error").count()) > 0 && (await page.isVisible(".map svg")));
    await looks(page, `check-trip-${language}`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("[formaction$=calendar]")]);
    assert.equal(download.suggestedFilename(), "trip.ics");
    assert.match(readFileSync(await download.path(), "utf8"), /^BEGIN:VCALENDAR\r\n[^]*DTSTART;VALUE=DATE:20260710/);
    await page.context().close();
  });
}

test("a phone's camera reads a printed sheet, and its checkpoints are rehearsed", async () => {
  const page = await open(browser, { viewport: PHONE });
  await page.goto(`${instance.url("verify")}/check`);
  if ((await page.locator("[data-camera]").getAttribute("data-everywhere")) === null) return console.log("ops/wasm was not run: no decoder");
  const decoder = [];
  page.on("request", (request) => request.url().includes("/codes-") && decoder.push(request.url()));
  await press(page, "[data-start]");
  assert.ok(decoder.some((url) => url.endsWith(".wasm")), "the decoder comes when it is asked for");
  assert.equal(await page.inputValue("#permit_number"), good.permit_number);
  await looks(page, "check-code-read");
  await page.fill("#mrz", SLIP.join("\n"));
  await press(page, "form[action='/check'] button:not([type=button])");
  assert.deepEqual(await page.locator("[data-field=document_number] mark").allTextContents(), ["2", "3"]);
  await press(page, "form:has([type=hidden][name=seal]) button");
  assert.ok(page.url().endsWith("/check/seal"));
  assert.ok(await page.isVisible("[data-advice=passport-mismatch]"));
  await looks(page, "check-rehearsal-refused");
  await page.fill("#mrz", SPECIMEN.join("\n"));
  await press(page, SEND);
  assert.match(await page.locator("[data-post=torugart] th").innerText(), /copy 1 stays here.*this sheet/s);
  await page.context().close();
});

test("a photograph of a sheet is read on the phone too", async () => {
  const page = await open(browser, { viewport: PHONE });
  await page.goto(`${instance.url("verify")}/check/seal`);
  if ((await page.locator("[data-camera]").getAttribute("data-everywhere")) === null) return;
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.headers()["content-type"]));
  await page.setInputFiles("[data-photo]", { name: "blank.png", mimeType: "image/png", buffer: Buffer.from(BLANK, "base64") });
  await page.waitForSelector("[data-says=unread]:not([hidden])");
  await sound(page);
  // Where the way is too bad for the reader of codes, that is said, and the next try may be better.
  await page.reload();
  await page.context().route("**/*.wasm", (route) => route.abort());
  await page.setInputFiles("[data-photo]", { name: "blank.png", mimeType: "image/png", buffer: Buffer.from(BLANK, "base64") });
  await page.waitForSelector("[data-says=failed]:not([hidden])");
  await page.context().unroute("**/*.wasm");
  const [photograph] = pages(good.pdf, instance.path("pages"));
  await Promise.all([page.waitForNavigation(), page.setInputFiles("[data-photo]", { name: "sheet.png", mimeType: "image/png", buffer: Buffer.from(photograph, "base64") })]);
  assert.deepEqual(sent, ["application/x-www-form-urlencoded"], "the photograph stays on the phone");
  assert.ok(await page.isVisible(".notice.good"));
  await page.context().close();
});

// What is rehearsed for a code and a passport: of each checkpoint a verdict and reasons by day.
async function rehearsed(seal, mrz) {
  const body = new URLSearchParams({ seal, mrz: mrz.join("\n") });
  const page = await (await fetch(`${instance.url("verify")}/check/seal`, { method: "POST", body })).text();
  const row = (text) => [text.slice(0, text.indexOf('"')), [...text.matchAll(/data-first="(.*?)" data-last="(.*?)" data-verdict="(.*?)" data-reasons="(.*?)"/g)]];
  const posts = Object.fromEntries(page.split('data-post="').slice(1).map(row));
  return (post, day) => {
    const [, , , verdict, reasons] = posts[post].find(([, first, last]) => first <= day && day <= last);
    return { verdict, reasons: reasons.split(" ").filter(Boolean) };
  };
}

test("what is rehearsed is what the handhelds show", async () => {
  const [old, gone] = [issue(GOOD), issue(GOOD)];
  writeFileSync(instance.path("order.json"), JSON.stringify({ ...GOOD, purpose: "trekking" }));
  instance.run(["desk", "correct", old.permit_number, instance.path("order.json"), "--reason", "other", "--out", instance.path("sheets")]);
  instance.run(["desk", "revoke", gone.permit_number, "--reason", "other"]);
  const posts = ["torugart", "karasay", "bor-dobo"];
  const scan = (post, { seal, mrz }, day) =>
    instance.ask(["handheld", "scan", "--post", post, "--kind", "shown", "--seal", seal, "--mrz", mrz.join(",")], day);
  const codes = ({ reasons }) => reasons.map(({ code }) => code);
  const [revoked, mine] = [{ seal: gone.copies[1].seal, mrz: SPECIMEN }, { seal: good.copies[1].seal, mrz: SPECIMEN }];
  for (const post of posts) {
    instance.run(["handheld", "enroll"], instance.ask(["recorder", "enroll-code", "--post", post]).code);
  }
  await until("the handhelds and the page to know of the revocation", async () => {
    for (const post of posts) await instance.sync(post);
    const page = await rehearsed(revoked.seal, SPECIMEN);
    const told = posts.filter((post) => page(post, "2026-06-10").reasons.includes("revoked"));
    // A handheld does not know the permits of other zones.
    return told.includes("karasay") && told.every((post) => codes(scan(post, revoked)).includes("revoked"));
  });
  const sheets = [mine, { ...mine, mrz: SLIP }, { seal: good.copies[0].seal, mrz: SPECIMEN }, { seal: old.copies[2].seal, mrz: SPECIMEN }, revoked];
  const pages = await Promise.all(sheets.map(({ seal, mrz }) => rehearsed(seal, mrz)));
  const seen = new Set();
  // The day before, a valid one, and the day after: a device's clock does not go back.
  for (const day of ["2026-06-09", "2026-06-12", "2026-07-10"]) {
    for (const [at, sheet] of sheets.entries()) {
      for (const post of posts) {
        const shown = scan(post, sheet, day);
        // These speak of the device, which the page takes to be well.
        const reasons = codes(shown).filter((code) => !["trust-list-stale", "clock-suspect"].includes(code));
        const verdict = reasons.length === 0 ? "accept" : shown.verdict;
        assert.deepEqual(pages[at](post, day), { verdict, reasons }, `sheet ${at} at ${post} on ${day}`);
        for (const code of reasons) seen.add(code);
      }
    }
  }
  assert.deepEqual([...seen].sort(), ["expired", "not-yet-valid", "passport-mismatch", "revoked", "superseded", "wrong-post", "wrong-zone"]);
});

test("without scripts everything is answered too, and rows can be added", async () => {
  const page = await open(browser, { viewport: PHONE, javaScriptEnabled: false });
  await page.goto(`${instance.url("verify")}/check`);
  await page.fill("#permit_number", number);
  await page.fill("#surname", "Smith");
  await press(page, SEND);
  assert.ok(await page.isVisible("[role=alert]"));
  assert.equal(await page.inputValue("#surname"), "Smith", "what was typed stays");
  await page.goto(`${instance.url("verify")}/check/trip`);
  await page.fill(field("stop[2].places"), "Naryn");
  await press(page, "button[value=stop]");
  assert.equal(await page.inputValue(field("stop[2].places")), "Naryn");
  assert.ok(await page.isVisible(field("stop[3].places")));
  await page.context().close();
});

test("what the phone finds is what the server finds", async () => {
  const [phone, plain] = [await open(browser, { viewport: PHONE }), await open(browser, { viewport: PHONE, javaScriptEnabled: false })];
  await phone.goto(`${instance.url("verify")}/check/paper`);
  if (!(await phone.locator("form[data-phone]").count())) return console.log("ops/wasm was not run: the server compares");
  for (const page of [phone, plain]) {
    await page.goto(`${instance.url("verify")}/check/paper`);
    await page.fill("#surname", "ERIKSEN");
    await page.fill("#given_names", "MARIA ANNA");
    await page.fill("#document_number", "L8989O2C3");
    await page.fill("#nationality", "SWE");
    await page.fill("#birth_date", "12.8.74");
    await page.fill("#expiry_date", "2031-15-04");
    await page.fill("#valid_to", "2026-05-01");
    await page.fill("#mrz", SPECIMEN.join("\n"));
  }
  await compare(phone);
  await press(plain, SEND);
  for (const what of [".beside tbody", ".findings", ".notice"]) {
    const [own, theirs] = [await phone.locator(what).first().innerText(), await plain.locator(what).first().innerText()];
    assert.equal(own.replace(/\s+/g, " "), theirs.replace(/\s+/g, " "), what);
  }
  await phone.context().close();
  await plain.context().close();
});

test("the first page is light", async () => {
  const page = await open(browser, { viewport: PHONE });
  await page.goto(`${instance.url("verify")}/check`);
  const bytes = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, one) => sum + one.encodedBodySize, 0),
  );
  console.log(`the first page: ${bytes} bytes compressed`);
  assert.ok(bytes > 1000 && bytes < 60_000, `${bytes} bytes`);
  await page.context().close();
});

test("nothing personal was logged or counted", async () => {
  const headers = { authorization: `Bearer ${instance.token("verify")}` };
  const metrics = await (await fetch(`${instance.url("verify")}/metrics`, { headers })).text();
  assert.match(metrics, /propusk_verify_permit_checks_total/);
  for (const text of [...PERSONAL, number, number.replaceAll("-", "")]) {
    assert.ok(!instance.log().includes(text) && !metrics.includes(text), text);
  }
});
