// Sentences, which the page brings as data; see boot's locales/script.rs.
const words = JSON.parse(document.getElementById("words").textContent);

export function tell(id, given = {}) {
  const value = (name) => (given[name] === undefined ? "none" : given[name] === "" ? "nothing" : given[name]);
  const fill = (parts) =>
    parts.map((part) => (typeof part === "string" ? part : part.of ? fill(part.of[value(part.$)] ?? part.else) : value(part.$))).join("");
  // A phone has no Enter and no h: some of the terminal's sentences have a wording of their own here.
  return fill(words[`phone-${id}`] ?? words[id] ?? [id]);
}

// An age in minutes, in the unit that suits it.
export function age(minutes) {
  if (minutes === null) return tell("age-never");
  const [unit, length] = minutes < 120 ? ["minutes", 1] : minutes < 2880 ? ["hours", 60] : ["days", 1440];
  return tell(`age-${unit}`, { count: String(Math.floor(minutes / length)) });
}

export function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
