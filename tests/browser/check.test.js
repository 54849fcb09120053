// The traveller's evening before, on a phone: the permit letter by letter, any other paper, a passport's lines, the trip.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { LANGUAGES, PHONE, launch, looks, open, sound } from "./harness/browser.js";
import { SPECIMEN } from "./harness/desk.js";
import { Instance, until } from "./harness/instance.js";

// The clerk typed the letter O for the digit 0.
const ORDER = {
  zones: ["naryn"],
  route: ["kol-suu"],
  valid_from: "2026-06-10",
  travellers: [{ surname: "ERIKSSON", given_names: "ANNA MARIA", document_number: "L8989O2C3", nationality: "UTO", birth_date: "1974-08-12", sex: "F", expiry_date: "2031-04-15" }],
};
const ATTEMPTS = "[verify]\nattempts_per_number_per_hour = 1000\nattempts_per_address_per_hour = 1000\n";
// Nothing of these may stand in an address, a log or a metric.
const PERSONAL = ["ERIKSSON", "Eriksson", "L8989", "1974-08-12", "ANNA"];
let instance, browser, number, seal;

before(async () => {
  instance = await new Instance({ options: ["--today", "2026-06-01"], config: ATTEMPTS }).up();
  writeFileSync(instance.path("order.json"), JSON.stringify(ORDER));
  const issued = instance.run(["desk", "issue", instance.path("order.json"), "--out", instance.path("sheets"), "--json"]);
  number = JSON.parse(issued).permit_number;
  seal = JSON.parse(issued).copies[1].seal;
  await until("the permit to be known", async () => {
    const body = JSON.stringify({ permit_number: number, surname: "Eriksson" });
    const asked = { method: "POST", body, headers: { "content-type": "application/json" } };
    return (await fetch(`${instance.url("verify")}/v1/permit-checks`, asked)).ok;
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

async function press(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

// Sends the form of a page whose phone compares: where the build has the module, nothing may be sent.
async function compare(page) {
  if (!(await page.locator("form[data-phone]").count())) return press(page, "main form button");
  const sent = [];
  const note = (request) => request.method() === "POST" && sent.push(request.url());
  page.on("request", note);
  await page.click("main form button");
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
    await press(page, "main form button");
    assert.ok(await page.isVisible("text=2026-06-10"), "the days of the permit");
    await looks(page, `check-answered-${language}`);
    await page.fill("#mrz", SPECIMEN.join("\n"));
    await press(page, "main form button");
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
    await press(page, "main form button:not([type=button])");
    assert.ok(await page.isVisible(".notice.good"), "the seal is genuine");
    assert.deepEqual(await page.locator("[data-field=document_number] mark").allTextContents(), ["O", "0"]);
    await looks(page, `check-seal-${language}`);
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

test("without scripts everything is answered too, and rows can be added", async () => {
  const page = await open(browser, { viewport: PHONE, javaScriptEnabled: false });
  await page.goto(`${instance.url("verify")}/check`);
  await page.fill("#permit_number", number);
  await page.fill("#surname", "Smith");
  await press(page, "main form button");
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
  await press(plain, "main form button");
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
