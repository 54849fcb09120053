// Who has a PIN on this phone. The first one needs nobody; from then on a senior soldier says their own PIN again.
import { post, refresh, soldier } from "./barrier.js";
import { withPin } from "./lock.js";
import { at, doing, emptied, say, show } from "./screen.js";
import { random } from "./store.js";
import { node, tell } from "./words.js";

const SALT_BYTES = 16;

async function list() {
  const { soldiers } = await post.ask({ do: "soldiers" });
  const { watch, senior } = post.state;
  const line = (it) => node("li", {}, node("b", {}, it.soldier), it.senior ? ` ${tell("soldier-senior")}` : "");
  at("soldiers").replaceChildren(...soldiers.map(line));
  at("soldier-out").replaceChildren(...soldiers.map((it) => node("option", {}, it.soldier)));
  show("soldiers-none", soldiers.length === 0);
  show("not-senior", watch === "on-duty" && !senior);
  show("soldier-form", watch === "open" || senior);
  show("own-pin-field", watch === "on-duty");
  at("own-pin").required = watch === "on-duty";
  show("soldier-out-form", soldiers.length > 0 && senior);
  show("soldier-senior-choice", soldiers.length > 0);
}

// `done` is the sentence for when the list has changed.
async function change(ownPin, what, done) {
  const guarded = post.state.watch === "on-duty";
  const { changed, say: refused } = guarded ? await withPin(post.state.soldier, ownPin, what) : await post.ask(what);
  if (refused) return say(...refused);
  await refresh();
  if (post.state.watch === "locked") return post.closed();
  await list();
  say([done, { soldier: changed }]);
}

async function add() {
  const [name, pin] = [at("soldier-new").value.trim(), emptied("soldier-pin")];
  const senior = at("soldier-senior").checked;
  await change(emptied("own-pin"), { do: "add-soldier", name, pin, senior, salt: random(SALT_BYTES) }, "soldier-added");
  at("soldier-new").value = "";
}

export function listenToSoldiers() {
  at("soldiers-part").addEventListener("toggle", () => at("soldiers-part").open && doing(list)());
  at("soldier-form").addEventListener("submit", doing(add));
  at("soldier-out-form").addEventListener("submit", doing(async () => {
    await change(emptied("own-pin-out"), { do: "remove-soldier", name: at("soldier-out").value }, "soldier-removed");
  }));
  at("soldier").value = localStorage.getItem("soldier") ?? "";
  at("soldier").addEventListener("change", () => localStorage.setItem("soldier", soldier()));
}
