// What every part of the page uses: its elements, what is said above them, and what a touch runs.
import { Trouble } from "./store.js";
import { node, tell } from "./words.js";

// Of these one is seen at a time.
const VIEWS = ["enrol", "locked", "undo-ask", "verdict", "work", "gone"];

export const at = (id) => document.getElementById(id);
export const show = (id, visible = true) => (at(id).hidden = !visible);

export function view(id) {
  for (const one of VIEWS) show(one, one === id);
}

// Says something short above everything else, or nothing: ids of sentences, or `[id, what is filled in]`.
export function say(...sentences) {
  at("said").replaceChildren(...sentences.map((sentence) => node("p", {}, tell(...[sentence].flat()))));
  show("said", sentences.length > 0);
  if (sentences.length > 0) scrollTo(0, 0);
}

export function troubled(error) {
  if (!(error instanceof Trouble)) console.warn(String(error));
  say(error instanceof Trouble ? error.id : "phone-failed");
}

// Runs what a touch asks for, and says what went wrong.
export const doing = (work) => async (event) => {
  event?.preventDefault();
  say();
  try {
    await work(event);
  } catch (error) {
    troubled(error);
  }
};

// The text of a field, which is empty afterwards.
export function emptied(id) {
  const text = at(id).value.trim();
  at(id).value = "";
  return text;
}
