// A verdict and a group's table as they are seen.
import { at, show, view } from "./screen.js";
import { node, tell } from "./words.js";

const SHAPES = { accept: "●", attention: "▲", refuse: "■" };

function person({ row, name, document_number: number, nationality, present }) {
  const passport = node("span", { class: "fixed" }, `${number} ${nationality}`);
  const tick = present ? node("span", { class: "tick", "aria-hidden": "true" }, "✓ ") : "";
  return node("li", { "data-row": row }, tick, node("b", {}, name || tell("phone-row", { row: String(row) })), " ", passport);
}

// `further` are sentences for the end.
export function showVerdict(given, ...further) {
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
  else if (copy && copies) facts.push(tell("scan-copy", { k: String(copy), n: String(copies) }));
  else if (number) facts.push(tell("scan-typed"));
  facts.push(tell("scan-state", { sequence: String(sequence) }));
  at("facts").replaceChildren(...[number, ...facts, ...further].filter(Boolean).map((text) => node("li", {}, text)));
  show("overrule-form", false);
  show("overrule", verdict !== "accept");
  view("verdict");
  if (verdict !== "accept") navigator.vibrate?.(300);
  at("verdict-word").focus();
  scrollTo(0, 0);
}

// A group's permit lies on the table: its people are ticked off.
export function showTable(table) {
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

// Names and document numbers are for whoever is on duty.
export function forgetVerdict() {
  showTable();
  for (const id of ["verdict-word", "reasons", "people", "facts", "table-people"]) at(id).replaceChildren();
}
