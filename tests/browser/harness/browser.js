// A real Chromium, and what every page has to hold: nothing in the console, no breach of its policy, no finding of axe.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PATIENCE_MS, TARGET } from "./instance.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PICTURES = join(TARGET, "screenshots");
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };
export const NARROWEST = { width: 320, height: 640 };
export const LANGUAGES = ["en", "ru", "ky"];

export async function launch(args = []) {
  return chromium.launch({ executablePath: program(), args: [...FLAGS, ...args] });
}

// A page in a context (cookies) of its own. `faults` collects what must not be.
export async function open(browser, { viewport = DESKTOP, language = "en", dark = false, ...more } = {}) {
  const colorScheme = dark ? "dark" : "light";
  const context = await browser.newContext({ viewport, colorScheme, locale: language, ...more });
  // A busy machine may take its time.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  return watch(page);
}

// Notes what must not be on a page: errors in the console, requests to elsewhere, breaches of the policy.
export async function watch(page) {
  page.faults = [];
  page.on("console", (said) => {
    // That a page was refused is the page's own answer; the browser says it in the console too.
    if (said.type() === "error" && !/status of 4\d\d/.test(said.text())) page.faults.push(said.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const inside = ["data:", "blob:", "chrome-extension:", "chrome:", "about:"].includes(protocol) || hostname === "127.0.0.1";
    if (!inside) page.faults.push(`asked elsewhere: ${hostname}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return page;
}

// The page holds: nothing was noted, nothing overflows sideways, and axe finds nothing (WCAG 2.2 AA and best practice).
export async function sound(page) {
  assert.deepEqual(page.faults, [], page.url());
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(beyond <= 0, `${page.url()} is ${beyond} pixels wider than the window`);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html).join("\n  ")}`);
  assert.deepEqual(told, [], page.url());
}

// Checks the page and keeps pictures of it: as it is, on a phone, and dark. Build output, to be looked at.
export async function looks(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  const before = page.viewportSize();
  for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await sound(page);
      await page.screenshot({ path: join(PICTURES, `${name}-${size}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(NARROWEST);
  await page.emulateMedia({ colorScheme: "light" });
  await sound(page);
  await page.setViewportSize(before);
  await settled(page, before.width);
}

// A click that meets a page whose layout still moves can press beside its button.
async function settled(page, width) {
  await page.waitForFunction((width) => innerWidth === width, width);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export function program() {
  if (process.env.PROPUSK_CHROMIUM) return process.env.PROPUSK_CHROMIUM;
  for (const name of PROGRAMS) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (found) return found;
  }
  if (existsSync(MAC)) return MAC;
  throw new Error("no Chromium: ops/install-tools test installs it, PROPUSK_CHROMIUM names another one");
}
