// Ordering online: a traveller on a phone, the clerk's inbox, and the private link between them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LANGUAGES, launch, looks, open, sound } from "./harness/browser.js";
import { CLERK, SPECIMEN, signIn, staff } from "./harness/desk.js";
import { Instance } from "./harness/instance.js";

let instance, browser;

before(async () => {
  instance = await new Instance({ options: ["--today", "2026-06-01"] }).up();
  await staff(instance);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

async function press(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

async function begin(page) {
  await page.goto(`${instance.url("desk")}/order`);
  await press(page, "form[action='/order'] button");
  return page.url().split("?")[0];
}

async function fill(page) {
  await page.fill("#paste", SPECIMEN.join("\n"));
  await press(page, "button[value=paste]");
  await page.fill("#route", "kol-suu\ntorugart");
  await press(page, "button[value=zones]");
  await page.fill("#valid_from", "2026-06-10");
  await page.fill("#contact", "+996 555 000 000");
}

async function send(page) {
  await press(page, "button[value=send]");
  assert.match(page.url(), /\?said=sent$/);
}

for (const language of LANGUAGES) {
  test(`from a traveller's phone to a permit: ${language}`, async () => {
    const phone = await open(browser, { language });
    await phone.setViewportSize({ width: 390, height: 844 });
    await phone.goto(`${instance.url("desk")}/order`);
    await looks(phone, `online-start-${language}`);
    const link = await begin(phone);
    await press(phone, "button[value=send]");
    assert.match(phone.url(), /\?said=incomplete$/, "an empty order is not sent");
    await fill(phone);
    await phone.fill("[name='t0.document_number']", "L8989O2C3");
    await phone.waitForSelector("#at-0-document_number mark");
    await looks(phone, `online-order-${language}`);
    await phone.fill("[name='t0.document_number']", "L898902C3");
    await phone.waitForFunction(() => !document.querySelector("#at-0-document_number .finding"));
    await send(phone);
    await looks(phone, `online-sent-${language}`);
    assert.ok(!(await phone.isVisible("#order")), "what was sent is the clerk's turn");
    await phone.fill("#text", "When can I fetch it?");
    await press(phone, "form[action$='/messages'] button");
    const number = await phone.textContent("h1 .number");

    const clerk = await open(browser, { language });
    await signIn(clerk, instance, CLERK);
    await clerk.goto(`${instance.url("desk")}/inbox`);
    await looks(clerk, `inbox-${language}`);
    await press(clerk, `a.number:text-is("${number}")`);
    assert.match(await clerk.textContent("#messages"), /When can I fetch it\?/);
    await looks(clerk, `inbox-order-${language}`);
    await press(clerk, "button[value=returned]");
    assert.ok(await clerk.isVisible("text=1000"), "whoever gets an order back is told why");
    await clerk.goBack();
    await press(clerk, "button[value=checked]");
    await press(clerk, "button[value=applied]");
    await clerk.fill("#original_number", "15/204");
    await clerk.fill("#original_date", "2026-06-02");
    await press(clerk, "button[value=original]");
    await clerk.fill("#due", "2500 KGS");
    await press(clerk, "form[action$='/payment'] button");
    await press(clerk, "a[href^='/orders/']");
    assert.equal(await clerk.inputValue("#authority_reference"), "15/204 (2026-06-02)");
    await press(clerk, "button[value=issue]");
    assert.match(clerk.url(), /\/permits\/[0-9a-f-]{36}\?done=issued$/, await clerk.textContent("main"));
    const [permit] = (await clerk.textContent("main")).match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/);
    await clerk.goto(`${instance.url("desk")}/inbox`);
    await press(clerk, `a.number:text-is("${number}")`);
    await clerk.fill("#text", "Monday, from nine");
    await press(clerk, "button[value=ready]");
    await looks(clerk, `inbox-ready-${language}`);

    await phone.goto(link);
    const told = await phone.textContent("main");
    assert.match(told, /Monday, from nine/);
    assert.match(told, /2500 KGS/);
    assert.equal(await phone.locator(".steps .done").count(), 6);
    await looks(phone, `online-ready-${language}`);
    await sound(phone);
    instance.run(["desk", "purge", permit, "--reason", "asked for"]);
    assert.equal((await fetch(link)).status, 404, "what was typed and said goes with the permit's people");
    await Promise.all([phone.context().close(), clerk.context().close()]);
  });
}

test("only the link opens an order, and a withdrawn one holds nothing that was typed", async () => {
  const page = await open(browser);
  const link = await begin(page);
  await fill(page);
  await send(page);
  const stranger = (path) => fetch(instance.url("desk") + path, { headers: { accept: "text/html" }, redirect: "manual" });
  assert.equal((await stranger(`/order/${"0".repeat(64)}`)).status, 404);
  assert.equal((await stranger(`${new URL(link).pathname.slice(0, -1)}`)).status, 404);
  assert.equal((await stranger("/inbox")).headers.get("location"), "/sign-in");
  assert.match(await page.textContent("main"), /ERIKSSON/);
  await page.click("details:has(button[value=withdraw]) summary");
  await press(page, "button[value=withdraw]");
  assert.doesNotMatch(await page.textContent("main"), /ERIKSSON/);
  await page.context().close();
});

test("what is sent while the page still asks is in no conflict with itself", async () => {
  const page = await open(browser);
  await begin(page);
  await fill(page);
  let asked;
  const asking = new Promise((done) => (asked = done));
  await page.route("**/*", async (route) => {
    if (!route.request().headers()["x-fragment"]) return route.continue();
    const response = await route.fetch();
    asked();
    await new Promise((done) => setTimeout(done, 1500));
    await route.fulfill({ response });
  });
  await page.fill("#contact", "+996 555 111 111");
  await asking;
  await send(page);
  await page.context().close();
});

test("what is typed in two windows is never mixed", async () => {
  const page = await open(browser);
  const link = await begin(page);
  const other = await page.context().newPage();
  await other.goto(link);
  await page.fill("#vehicle", "01 KG 123 ABC");
  await press(page, "button.quiet[value=save]");
  await other.fill("#vehicle", "02 KG 456 DEF");
  await press(other, "button.quiet[value=save]");
  assert.match(other.url(), /\?said=conflict$/);
  assert.equal(await other.inputValue("#vehicle"), "01 KG 123 ABC");
  await page.context().close();
});

test("the role, the copies and the authority's number are the agency's, whatever a form says", async () => {
  const page = await open(browser);
  const link = await begin(page);
  await fill(page);
  const revision = await page.inputValue("[name=revision]");
  const form = { do: "save", revision, "t0.surname": "ERIKSSON", "t0.role": "guide", copies: "200", authority_reference: "forged" };
  await page.request.post(link, { form, headers: { origin: instance.url("desk") } });
  await page.goto(link);
  await page.fill("#contact", "+996");
  await page.fill("#route", "kol-suu");
  await page.fill("#valid_from", "2026-06-10");
  await send(page);
  const number = await page.textContent("h1 .number");
  const clerk = await open(browser);
  await signIn(clerk, instance, CLERK);
  await clerk.goto(`${instance.url("desk")}/inbox`);
  await press(clerk, `a.number:text-is("${number}")`);
  await press(clerk, "a[href^='/orders/']");
  for (const name of ["t0.role", "copies", "authority_reference"]) assert.equal(await clerk.inputValue(`[name='${name}']`), "", name);
  await Promise.all([page.context().close(), clerk.context().close()]);
});
