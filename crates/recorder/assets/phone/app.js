// The barrier on a phone: what is shown, and what follows from what is touched. Decisions are the module's.
import { Camera } from "./camera.js";
import { Sending } from "./send.js";
import { Handheld, Trouble } from "./store.js";
import { age, node, tell } from "./words.js";

const SHAPES = { accept: "●", attention: "▲", refuse: "■" };
// So often the ages at the edge of the screen are reckoned anew.
const REFRESH_MS = 30_000;

const at = (id) => document.getElementById(id);
const show = (id, visible = true) => (at(id).hidden = !visible);
let sending, camera;
let link = "waiting";
export let handheld;

// Says something short above everything else, or nothing.
function say(...ids) {
  at("said").replaceChildren(...ids.map((id) => node("p", {}, tell(id))));
  show("said", ids.length > 0);
}

function troubled(error) {
  if (!(error instanceof Trouble)) console.warn(String(error));
  say(error instanceof Trouble ? error.id : "phone-failed");
}

// Runs what a touch asks for, and says what went wrong.
const doing = (work) => async (event) => {
  event?.preventDefault();
  say();
  try {
    await work(event);
  } catch (error) {
    troubled(error);
  }
};

const soldier = () => at("soldier").value.trim();

async function state() {
  if (!handheld.enrolled) return;
  const now = await handheld.ask({ do: "state" });
  const waiting = now.on_this_device + now.sent;
  at("waiting").textContent = tell("phone-waiting", { waiting: String(waiting) });
  at("waiting").dataset.waiting = waiting;
  at("ages").textContent = tell("barrier-ages", { signers: age(now.trust_list_minutes), permits: age(now.permits_minutes) });
  at("post").textContent = now.post;
  at("link").textContent = tell(`phone-link-${link}`);
  at("link").dataset.link = link;
  for (const choice of document.querySelectorAll("[name=kind]")) choice.checked = choice.value === now.kind;
}

// Takes a text, wherever it comes from, and gives the verdicts that it completes.
async function take(text, begun = performance.now()) {
  const { say: said, complete, table } = await handheld.ask({ do: "take", text });
  say(...said);
  await conclude(complete, table, begun);
}

async function conclude(complete, table, begun) {
  for (let left = complete; left > 0; left--) {
    const verdict = await handheld.ask({ do: "judge", soldier: soldier() });
    if (verdict) showVerdict(verdict);
    performance.measure("verdict", { start: begun, end: performance.now() });
  }
  showTable(table);
  if (complete) {
    await state();
    sending.now();
  }
}

function person({ row, name, document_number: number, nationality, present }) {
  const passport = node("span", { class: "fixed" }, `${number} ${nationality}`);
  const tick = present ? node("span", { class: "tick", "aria-hidden": "true" }, "✓ ") : "";
  return node("li", { "data-row": row }, tick, node("b", {}, name || tell("phone-row", { row: String(row) })), " ", passport);
}

function showVerdict(given) {
  const { verdict, reasons, warnings, party, valid, copy, copies, permit_number: number, sequence } = given;
  const sentence = ({ code, details }) => [tell(`reason-${code}`), ...details.map((it) => tell(`finding-${it.code}`, it.args))].join(" ");
  const word = node("span", {}, tell(`verdict-${verdict}`));
  at("verdict-word").replaceChildren(node("span", { class: "shape", "aria-hidden": "true" }, SHAPES[verdict]), word);
  at("verdict").dataset.verdict = verdict;
  at("reasons").replaceChildren(...reasons.map((it) => node("li", {}, sentence(it))), ...warnings.map((it) => node("li", { class: "soft" }, tell(`finding-${it.code}`, it.args))));
  at("people").replaceChildren(...party.map(person));
  const facts = [];
  if (valid) facts.push(tell("barrier-valid", { from: valid[0], to: valid[1] }));
  if (copy === 0) facts.push(tell("scan-original"));
  else if (copy) facts.push(tell("scan-copy", { k: String(copy), n: String(copies) }));
  else if (number) facts.push(tell("scan-typed"));
  facts.push(tell("scan-state", { sequence: String(sequence) }));
  at("facts").replaceChildren(...[number, ...facts].filter(Boolean).map((text) => node("li", {}, text)));
  show("overrule-form", false);
  show("overrule", verdict !== "accept");
  show("verdict");
  show("work", false);
  if (verdict !== "accept") navigator.vibrate?.(300);
  at("verdict-word").focus();
  scrollTo(0, 0);
}

// A group's permit lies on the table: its people are ticked off.
function showTable(table) {
  show("table", Boolean(table));
  if (!table) return;
  at("table-shown").textContent = tell("phone-shown", { shown: String(table.shown), people: String(table.people) });
  at("table-people").replaceChildren(
    ...table.party.map((member) => {
      const tick = node("button", { type: "button", class: "quiet", "data-tick": member.row }, tell("phone-tick"));
      const row = person(member);
      if (!member.present) row.append(tick);
      return row;
    }),
  );
}

function next() {
  show("verdict", false);
  show("work");
  at("work").focus();
}

async function close() {
  const { complete, table } = await handheld.ask({ do: "close" });
  await conclude(complete, table, performance.now());
}

async function mend(what) {
  const { say: said } = await handheld.ask({ ...what, soldier: soldier() });
  next();
  say(...said);
  await state();
  sending.now();
}

// A code is taken while nothing else is being done: no verdict stands there, and nobody types.
function seen(text, begun) {
  const busy = at("work").hidden || document.activeElement?.matches("input:not([type=radio]), textarea");
  return busy ? undefined : take(text, begun).catch(troubled);
}

async function switchCamera() {
  camera ??= new Camera(at("view"), seen);
  try {
    if (camera.on) camera.stop();
    else await camera.start();
  } catch (error) {
    throw new Trouble("phone-no-camera", error);
  } finally {
    show("view", camera.on);
    at("camera").textContent = tell(camera.on ? "phone-camera-off" : "phone-camera");
  }
}

function linked(now, error) {
  if (error && !(error instanceof Trouble) && error.name !== "TypeError" && error.name !== "TimeoutError") console.warn(String(error));
  link = now;
  if (now === "revoked") return void gone();
  state().catch(troubled);
}

// The recorder has revoked this phone: everything goes, except what it has no receipt for.
async function gone() {
  camera?.stop();
  if (handheld.enrolled) await handheld.wipe();
  const rest = await handheld.kept();
  for (const id of ["work", "verdict", "table", "bar", "enrol"]) show(id, false);
  say();
  show("gone");
  at("gone-count").textContent = tell("phone-gone-kept", { waiting: String(rest.hand_ins) });
  at("gone-file").href = `data:application/octet-stream;base64,${rest.bundle}`;
}

async function begin() {
  sending = new Sending(handheld, linked);
  show("enrol", false);
  show("bar");
  show("work");
  await state().catch(troubled);
  setInterval(() => state().catch(troubled), REFRESH_MS);
  await navigator.storage?.persist?.();
  sending.now();
}

async function enrol() {
  await handheld.enrol(at("code").value);
  await begin();
}

function listen() {
  at("enrol-form").addEventListener("submit", doing(enrol));
  at("again").addEventListener("click", doing(async () => show("enrol")));
  at("camera").addEventListener("click", doing(switchCamera));
  at("next").addEventListener("click", doing(next));
  at("undo").addEventListener("click", doing(() => mend({ do: "undo" })));
  at("overrule").addEventListener("click", doing(async () => show("overrule-form")));
  at("overrule-form").addEventListener("submit", doing(() => mend({ do: "overrule", reason: at("reason").value })));
  at("everybody").addEventListener("click", doing(() => take("*")));
  at("close").addEventListener("click", doing(close));
  at("table-people").addEventListener("click", doing((event) => event.target.dataset.tick && take(event.target.dataset.tick)));
  at("typed-form").addEventListener("submit", doing(async () => {
    const text = at("typed").value;
    at("typed").value = "";
    await take(text);
  }));
  at("torn").addEventListener("click", doing(() => take("t")));
  at("typed").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (at("typed").value.trim()) at("typed-form").requestSubmit();
  });
  // A wedge scanner types wherever it is: what it types goes into the field.
  addEventListener("keydown", (event) => {
    const elsewhere = event.target.matches("body, main, section, h2");
    if (!handheld?.enrolled || !elsewhere || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
    next();
    at("typed").focus();
  });
  for (const choice of document.querySelectorAll("[name=kind]")) choice.addEventListener("change", doing(() => take(choice.dataset.command)));
  at("soldier").value = localStorage.getItem("soldier") ?? "";
  at("soldier").addEventListener("change", () => localStorage.setItem("soldier", soldier()));
}

async function start() {
  listen();
  try {
    navigator.serviceWorker?.register("/phone/sw.js").catch((error) => console.warn(String(error)));
    handheld = await Handheld.open("/phone/handheld_bg.wasm");
    if (handheld.enrolled) await begin();
    else if (await handheld.kept()) await gone();
    else show("enrol");
  } catch (error) {
    troubled(error);
  }
  document.documentElement.dataset.ready = "";
}

start();
