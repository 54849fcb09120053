// <form data-phone="compare">, <form data-phone="read">: the module that the page names answers in this browser, and
// nothing that was typed is sent. Where it can't be loaded, the traveller decides whether the server is to answer.
const form = document.querySelector("form[data-phone]");
const words = JSON.parse(document.getElementById("words").textContent);
const place = document.getElementById("on-phone");
const FIELDS = ["surname", "given_names", "document_number", "nationality", "birth_date", "sex", "expiry_date"];
let loading;

// The rules of passport data, compiled to WebAssembly; fetched once somebody begins to type.
function load() {
  loading ??= import(form.dataset.module).then(async (module) => {
    await module.default({ module_or_path: form.dataset.wasm });
    return module;
  });
  return loading;
}

// The sentence `id` with its arguments; see boot's locales/script.rs.
function tell(id, given = {}) {
  const value = (name) => (given[name] === undefined ? "none" : given[name] === "" ? "nothing" : given[name]);
  const fill = (parts) =>
    parts.map((part) => (typeof part === "string" ? part : part.of ? fill(part.of[value(part.$)] ?? part.else) : value(part.$))).join("");
  return fill(words[id] ?? [id]);
}

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function question() {
  const typed = new FormData(form);
  const get = (name) => (typed.get(name) ?? "").trim();
  const mrz = get("mrz").split(/\r?\n/).map((line) => line.trim().toUpperCase()).filter(Boolean);
  const ask = { today: form.dataset.today, mrz };
  if (form.dataset.phone === "read") return ask;
  ask.document = Object.fromEntries(FIELDS.map((name) => [name, get(name)]));
  if (/^\d{4}-\d{2}-\d{2}$/.test(get("valid_to"))) ask.valid_through = get("valid_to");
  return ask;
}

const TONES = { same: "good", differs: "error" };
const name = (field) => tell(`field-${field.replaceAll("_", "-")}`);
const pieces = (side) => node("span", { class: "fixed" }, ...side.map(([text, marked]) => (marked ? node("mark", {}, text || "–") : text)));

function row({ field, state, permit, passport }) {
  const cell = (label, ...inner) => node("td", { "data-label": label }, ...inner);
  const tag = node("span", { class: `tag ${TONES[state] ?? "warning"}` }, tell(`check-state-${state}`));
  const head = node("th", { scope: "row" }, name(field));
  return node("tr", { "data-field": field }, head, cell(tell("check-permit"), permit.length ? pieces(permit) : "–"), cell(tell("check-passport"), pieces(passport)), node("td", {}, tag));
}

function table(rows) {
  const heads = ["check-field", "check-permit", "check-passport", "check-result"].map((id) => node("th", { scope: "col" }, tell(id)));
  const head = node("thead", {}, node("tr", {}, ...heads));
  return node("table", { class: "beside" }, node("caption", {}, tell("check-side-by-side")), head, node("tbody", {}, ...rows.map(row)));
}

function facts(fields) {
  const all = [...FIELDS, "issuing_state"].filter((field) => fields[field]);
  return node("dl", { class: "facts" }, ...all.flatMap((field) => [node("dt", {}, name(field)), node("dd", { class: "fixed" }, fields[field])]));
}

function findings(list) {
  const item = ({ code, severity, args }) =>
    node("li", { class: `finding ${severity}` }, node("b", {}, `${tell(`severity-${severity}`)}:`), ` ${tell(`finding-${code}`, args)}`);
  return node("ul", { class: "findings" }, ...list.map(item));
}

function show(answer) {
  const verdict = answer.good ? "good" : "bad";
  const about = form.dataset.phone === "read" ? `check-passport-${verdict}` : `check-permit-${verdict}`;
  const print = node("button", { type: "button", class: "quiet", "data-print": "" }, tell("page-print"));
  const card = node("section", { class: "card", tabindex: "-1", "aria-labelledby": "answer" },
    node("h2", { id: "answer" }, tell("check-answer")),
    node("p", { class: `notice ${answer.good ? "good" : "error"}` }, tell(about)),
    answer.rows ? table(answer.rows) : facts(answer.document ?? {}),
    ...(answer.findings.length ? [node("h3", {}, tell("check-todo")), findings(answer.findings)] : []),
    ...(answer.rows ? [node("h3", {}, tell("check-call")), node("p", {}, tell("check-call-office"))] : []),
    node("p", { class: "hint", "data-by": "phone" }, tell("check-by-phone")),
    node("div", { class: "actions" }, print));
  document.querySelector("section.card")?.remove();
  place.replaceChildren(card);
  card.focus();
  card.scrollIntoView();
}

// What the dates of a paper permit say; the rules of passport data do not know them.
function days() {
  const { today } = form.dataset;
  const [from, to] = ["valid_from", "valid_to"].map((name) => form.elements[name]?.value ?? "");
  const args = { valid_from: from, valid_to: to };
  if (to && to < today) return [{ code: "permit-expired", severity: "error", args }];
  if (from && to && today < from) return [{ code: "permit-not-yet-valid", severity: "info", args }];
  return [];
}

function refuse(id, ...more) {
  place.replaceChildren(node("div", { class: "notice error", role: "alert" }, node("p", {}, tell(id)), ...more));
  place.scrollIntoView();
}

async function answer(event) {
  event.preventDefault();
  const ask = question();
  if (ask.document && !Object.values(ask.document).some(Boolean)) return refuse("check-paper-needed");
  if (!ask.mrz.length) return refuse("check-mrz-needed");
  try {
    const module = await load();
    const answer = JSON.parse(module[form.dataset.phone](JSON.stringify(ask)));
    if (answer.error) throw new Error("not answered");
    const own = ask.document ? days() : [];
    const rank = ({ severity }) => ["error", "warning", "info"].indexOf(severity);
    answer.findings = [...answer.findings, ...own].sort((one, other) => rank(one) - rank(other));
    answer.good &&= !own.some(({ severity }) => severity === "error");
    show(answer);
  } catch {
    loading = undefined;
    const send = node("button", { type: "button", class: "quiet" }, tell("check-phone-send"));
    send.addEventListener("click", () => form.submit());
    refuse("check-phone-failed", send);
  }
}

if (form) {
  form.addEventListener("focusin", () => load().catch(() => (loading = undefined)), { once: true });
  form.addEventListener("submit", answer);
  form.elements.valid_from?.addEventListener("change", (event) => (form.elements.valid_to.min = event.target.value));
}
