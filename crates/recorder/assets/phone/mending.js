// What is entered or mended afterwards: taking the last hand-in back, letting through all the same, the paper list.
import { mend, next, post, recorded, soldier } from "./barrier.js";
import { at, doing, emptied, say, show, view } from "./screen.js";
import { showVerdict } from "./verdict.js";
import { tell } from "./words.js";

// The hand-in that was asked about.
let asked;

async function askUndo() {
  const { last, say: refused } = await post.ask({ do: "last" });
  if (refused) return say(...refused);
  asked = last.id;
  const what = [tell(`barrier-${last.kind}`), last.permit_number].filter(Boolean).join(" ");
  at("undo-what").textContent = tell("phone-undo-ask", { what });
  view("undo-ask");
  at("undo-what").focus();
}

async function late() {
  const line = [at("paper-number").value.replace(/\s/g, ""), at("paper-copy").value, at("paper-time").value].join(" ");
  const { verdict, written, say: refused } = await post.ask({ do: "late", line, soldier: soldier() });
  if (refused) return say(...refused);
  for (const id of ["paper-number", "paper-copy"]) emptied(id);
  at("paper-part").open = false;
  showVerdict(verdict, tell("paper-done", { time: written }));
  await recorded();
}

export function listenToMending() {
  for (const id of ["undo", "undo-last"]) at(id).addEventListener("click", doing(askUndo));
  at("undo-yes").addEventListener("click", doing(() => mend({ do: "undo", of: asked })));
  at("undo-no").addEventListener("click", doing(async () => {
    next();
    say("undo-left");
  }));
  at("overrule").addEventListener("click", doing(async () => {
    show("overrule-form");
    at("reason").focus();
  }));
  at("overrule-form").addEventListener("submit", doing(() => mend({ do: "overrule", reason: emptied("reason") })));
  at("paper-part").addEventListener("toggle", () => {
    const wall = post.state?.wall ?? "";
    Object.assign(at("paper-time"), { value: wall, max: wall });
  });
  at("paper-form").addEventListener("submit", doing(late));
}
