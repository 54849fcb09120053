// Who may open the board, and a checkpoint that hands in.
import { writeFileSync } from "node:fs";
import { AUDITOR, CLERK, MANAGER, SPECIMEN } from "./desk.js";
import { until } from "./instance.js";

// Makes everybody by the command: on the board there is no link for the first one.
export function officers(instance) {
  for (const [role, { name, password }] of Object.entries({ manager: MANAGER, clerk: CLERK, auditor: AUDITOR })) {
    instance.run(["recorder", "user", "add", name, "--role", role], password);
  }
}

// Issues a permit for ICAO's specimen; gives its number and the seals of its sheets.
export function issue(instance, from) {
  const file = instance.path("group.csv");
  const head = "mrz_1;mrz_2";
  writeFileSync(file, `${head}\n${SPECIMEN.join(";")}\n`);
  const order = ["--zones", "naryn,issyk-kul", "--route", "karasay,kol-suu,torugart", "--from", from];
  const reply = JSON.parse(instance.run(["desk", "issue", file, "--out", instance.path("printed"), ...order, "--json"]));
  return { number: reply.permit_number, seals: reply.copies.map((copy) => copy.seal) };
}

// A handheld of a post that knows so many permits.
export async function enrol(instance, post, permits) {
  const { code } = JSON.parse(instance.run(["recorder", "enroll-code", "--post", post, "--json"]));
  instance.run(["handheld", "enroll"], code);
  await until(`the handheld of ${post} to know ${permits} permits`, async () => {
    await instance.sync(post);
    return JSON.parse(instance.run(["handheld", "status", "--post", post, "--json"])).permits_known >= permits;
  });
}

// Scans a copy with its passport and sends it.
export async function handIn(instance, post, seal, ...more) {
  instance.run(["handheld", "scan", "--post", post, "--seal", seal, "--mrz", SPECIMEN.join(","), ...more]);
  await instance.sync(post);
}
