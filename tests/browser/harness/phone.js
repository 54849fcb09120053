// What is done with the phone page again and again.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PICTURES, sound } from "./browser.js";

// Enrols the open page for a post, by a code that the operator gives.
export async function enrol(page, instance, post) {
  const { code } = JSON.parse(instance.run(["recorder", "enroll-code", "--post", post, "--json"]));
  await page.fill("#code", code);
  await page.click("#enrol-form button");
  await page.waitForSelector("#link[data-link=well]");
}

// Has the page send and ask for news at once.
export const online = (page) => page.evaluate(() => dispatchEvent(new Event("online")));

export const ask = (page, what) => page.evaluate(async (what) => (await import("/phone/barrier.js")).post.phone.ask(what), what);

export const waiting = async (page) => Number(await page.locator("#waiting").getAttribute("data-waiting"));

// Types a text into the page's field for whatever was read.
export async function type(page, text) {
  await page.fill("#typed", text);
  await page.press("#typed", "Enter");
}

// Looked at as a phone shows it, in the light and in the dark.
export async function shot(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    await sound(page);
    await page.screenshot({ path: join(PICTURES, `phone-${name}-${colorScheme}.png`), fullPage: true });
  }
}
