// The duty officer's board: what a handheld hands in appears on the open page, a copy that comes twice raises an alert there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enrol, handIn, issue, officers } from "./harness/board.js";
import { LANGUAGES, launch, looks, open, sound } from "./harness/browser.js";
import { AUDITOR, CLERK, MANAGER, signIn } from "./harness/desk.js";
import { Instance } from "./harness/instance.js";

const TODAY = "2026-06-10";
let instance, browser, permit;

before(async () => {
  instance = await new Instance({ options: ["--today", TODAY] }).up();
  officers(instance);
  permit = issue(instance, TODAY);
  await enrol(instance, "karasay", 1);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

async function onTheBoard(who, options) {
  const page = await open(browser, options);
  await signIn(page, instance, who, "recorder");
  assert.ok(page.url().endsWith("/board"), page.url());
  // The first picture of the record may be under way.
  while (await page.$(".board > .notice")) await page.reload();
  return page;
}

// Waits until a part of the open page says something; nobody loads the page again.
async function says(page, part, text) {
  await page.waitForFunction(([part, text]) => document.getElementById(part).textContent.includes(text), [part, text]);
}

test("a hand-in, a copy that comes twice and an audit appear on the open board", async () => {
  const page = await onTheBoard(CLERK);
  const { timeOrigin } = await page.evaluate(() => performance);
  await says(page, "now-zones", "Issyk-Kul0");
  await says(page, "now-alerts", "No alerts");
  assert.match(await page.textContent("#now-devices"), /Karasay/);
  await looks(page, "board-empty-en");

  await handIn(instance, "karasay", permit.seals[1]);
  await says(page, "now-zones", "Issyk-Kul1");
  await says(page, "now-hours", "1 hand-in in 24 hours");
  assert.equal(await page.locator("#now-hours rect").count(), 1, "one bar");
  assert.match(await page.textContent("#now-map"), /Issyk-Kul/);

  await handIn(instance, "karasay", permit.seals[1]);
  await says(page, "now-alerts", "was handed in twice");
  await says(page, "now-hours", "2 hand-ins in 24 hours");
  await says(page, "now-open", "Nobody has seen to 1 alert");
  await says(page, "now-audit", "never audited");
  instance.run(["recorder", "audit"]);
  await says(page, "now-audit", "The record is whole");
  assert.equal((await page.evaluate(() => performance)).timeOrigin, timeOrigin, "all of that on one page");
  await sound(page);

  await Promise.all([page.waitForNavigation(), page.click("#now-alerts a")]);
  assert.equal(await page.locator(".story li").count(), 2, "both records are the evidence");
  await looks(page, "board-alert-en");
  await Promise.all([page.waitForNavigation(), page.click("main a.number")]);
  assert.match(await page.textContent("h1"), new RegExp(permit.number));
  assert.equal(await page.locator(".line .mark-in").count(), 2);
  assert.equal(await page.locator(".line .mark-alert").count(), 1);
  await looks(page, "board-story-en");
  const { look_ups } = JSON.parse(instance.run(["recorder", "look-ups", permit.number, "--json"]));
  assert.equal(look_ups[0].who, CLERK.name, "who looks leaves an entry");
});

for (const language of LANGUAGES) {
  test(`every page of the board: ${language}`, async () => {
    const page = await open(browser, { language });
    await page.goto(instance.url("recorder"));
    assert.ok(page.url().endsWith("/sign-in"), "the board asks who one is");
    await looks(page, `board-sign-in-${language}`);
    await signIn(page, instance, MANAGER, "recorder");
    assert.equal(await page.getAttribute("html", "lang"), language);
    await looks(page, `board-${language}`);
    for (const name of ["alerts", "permits"]) {
      const address = name === "permits" ? `/board/permits/${permit.number}` : "/board/alerts";
      await page.goto(instance.url("recorder") + address);
      await looks(page, `board-${name}-${language}`);
    }
    for (const name of ["staff", "account"]) {
      await page.goto(`${instance.url("recorder")}/${name}`);
      await looks(page, `board-${name}-${language}`);
    }
  });
}

test("an auditor can't see to an alert, a duty officer can, and open boards hear of it", async () => {
  const [auditor, clerk] = [await onTheBoard(AUDITOR), await onTheBoard(CLERK)];
  await Promise.all([auditor.waitForNavigation(), auditor.click("#now-alerts a")]);
  assert.equal(await auditor.locator("main form").count(), 0);
  const refused = await auditor.evaluate(async () => {
    const answer = await fetch(`${location.pathname}/acknowledgement`, { method: "POST", body: new URLSearchParams() });
    return answer.status;
  });
  assert.equal(refused, 403);
  const alert = auditor.url();
  await auditor.goto(`${instance.url("recorder")}/board`);

  await clerk.goto(alert);
  await clerk.fill("#note", "The driver kept the first copy; both are here now.");
  await Promise.all([clerk.waitForNavigation(), clerk.click("main form button")]);
  assert.match(await clerk.textContent("main"), /Seen to by bakyt at 2026-06-10 .*both are here now/);
  assert.equal(await clerk.locator("main form").count(), 0, "what was noted first stays");
  await says(auditor, "now-open", "Somebody has seen to every alert");
  await looks(clerk, "board-alert-seen-to-en");
  await clerk.goto(`${instance.url("recorder")}/board/alerts?open=true`);
  assert.match(await clerk.textContent("main"), /No alerts/);
  await sound(clerk);
});

test("the board works without scripts, with a link to look again", async () => {
  const page = await onTheBoard(AUDITOR, { javaScriptEnabled: false });
  assert.equal(await page.locator("#now-taken a[href='/board']").count(), 1);
  assert.ok((await page.locator("#now-zones tbody tr").count()) > 5);
  await page.fill("#number", "no such number");
  await Promise.all([page.waitForNavigation(), page.click(".board-head button")]);
  assert.match(await page.textContent("main"), /no permit number/);
  await page.fill("#number", permit.number.toLowerCase());
  await Promise.all([page.waitForNavigation(), page.click("main form button")]);
  assert.match(await page.textContent("h1"), new RegExp(permit.number));
});

test("no name and no passport number is on the board", async () => {
  const page = await onTheBoard(MANAGER);
  for (const address of ["/board", "/board/alerts", `/board/permits/${permit.number}`]) {
    await page.goto(instance.url("recorder") + address);
    assert.doesNotMatch(await page.content(), /ERIKSSON|L898902C3|1974/, address);
  }
});

test("a board that is open when its session is ended leads to the sign-in", async () => {
  const page = await onTheBoard(AUDITOR);
  await says(page, "now-audit", "whole");
  instance.run(["recorder", "user", "change", AUDITOR.name, "--role", "auditor", "--barred"]);
  await handIn(instance, "karasay", permit.seals[2]);
  await page.waitForURL(/\/sign-in$/);
  instance.run(["recorder", "user", "change", AUDITOR.name, "--role", "auditor"]);
});
