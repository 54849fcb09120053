// What a clerk does again and again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const MANAGER = { name: "aida", password: "three copies for Karasay" };
export const CLERK = { name: "bakyt", password: "a lake behind the pass" };
export const AUDITOR = { name: "chynara", password: "nothing is overwritten" };

// ICAO's specimen (Doc 9303-4, appendix B) with an expiry of 2031.
export const SPECIMEN = [
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
  "L898902C36UTO7408122F3104150ZE184226B<<<<<16",
];

// Makes the first manager by the one-time link, and the others by the command.
export async function staff(instance) {
  const code = readFileSync(join(instance.data, "run/set-up-code"), "utf8").trim();
  const body = new URLSearchParams({ code, ...MANAGER });
  const made = await fetch(`${instance.url("desk")}/set-up`, { method: "POST", body, redirect: "manual" });
  assert.equal(made.status, 303);
  instance.run(["desk", "user", "add", CLERK.name, "--role", "clerk"], CLERK.password);
  instance.run(["desk", "user", "add", AUDITOR.name, "--role", "auditor"], AUDITOR.password);
}

export async function signIn(page, instance, { name, password }, room = "desk") {
  await page.goto(`${instance.url(room)}/sign-in`);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await Promise.all([page.waitForNavigation(), page.click("main button")]);
}

// A session's cookie, for requests without a browser.
export async function session(instance, { name, password }, room = "desk") {
  const body = new URLSearchParams({ name, password });
  const answer = await fetch(`${instance.url(room)}/sign-in`, { method: "POST", body, redirect: "manual" });
  return (answer.headers.get("set-cookie") ?? "").split(";")[0];
}

// A table of `count` specimen travellers with check digits that hold.
export function group(count) {
  const row = (at) => `SPECIMEN${String.fromCharCode(65 + at)};ANNA;L8989${String(100 + at)};UTO;1974-08-12;F;2031-04-15`;
  const head = "surname;given_names;document_number;nationality;birth_date;sex;expiry_date";
  return [head, ...Array.from({ length: count }, (_, at) => row(at))].join("\n");
}
