// The frame that every room's pages have, seen at the one page that each has: "there is no such page".
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LANGUAGES, launch, looks, open, sound } from "./harness/browser.js";
import { Instance } from "./harness/instance.js";

const ROOMS = ["desk", "recorder", "verify"];
const TITLES = { en: "There is no such page", ru: "Такой страницы нет", ky: "Мындай барак жок" };
let instance, browser;

before(async () => {
  instance = await new Instance().up();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await instance?.down();
});

for (const language of LANGUAGES) {
  test(`a missing page says so in the browser's language: ${language}`, async () => {
    const page = await open(browser, { language });
    const answer = await page.goto(`${instance.url("desk")}/nowhere`);
    assert.equal(answer.status(), 404);
    assert.equal(await page.textContent("h1"), TITLES[language]);
    assert.equal(await page.getAttribute("html", "lang"), language);
    await looks(page, `missing-${language}`);
    await page.context().close();
  });
}

test("the switch of languages stays on the page and is remembered, without scripts", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(`${instance.url("verify")}/nowhere?day=2`);
  await page.click("text=Кыргызча");
  assert.ok(page.url().endsWith("/nowhere?day=2"), page.url());
  assert.equal(await page.textContent("h1"), TITLES.ky);
  await page.goto(`${instance.url("verify")}/elsewhere`);
  assert.equal(await page.textContent("h1"), TITLES.ky);
  await page.context().close();
});

test("the keyboard reaches everything, the content first", async () => {
  const page = await open(browser);
  await page.goto(`${instance.url("desk")}/nowhere`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.context().close();
});

for (const room of ROOMS) {
  test(`${room} shows its refusals in the frame and asks nobody else`, async () => {
    const page = await open(browser);
    await page.goto(`${instance.url(room)}/nowhere`);
    await sound(page);
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, one) => sum + one.encodedBodySize, 0),
    );
    assert.ok(bytes > 1000 && bytes < 60_000, `${bytes} bytes`);
    await page.context().close();
  });
}
