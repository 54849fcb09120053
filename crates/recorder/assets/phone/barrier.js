// The barrier at work: what follows from each text, and what the page knows of the phone.
import { at, say, show, view } from "./screen.js";
import { Trouble } from "./store.js";
import { showTable, showVerdict } from "./verdict.js";
import { age, tell } from "./words.js";

// Whom the page asks: the phone itself, or for a while a training. `send` sends what waits, `closed` shows the lock; `state`
// is what the phone said last of itself, `link` what its way to the recorder is like.
export const post = {
  phone: undefined,
  training: undefined,
  state: undefined,
  link: "waiting",
  send() {},
  closed() {},
  async ask(what) {
    const answer = await (this.training ?? this.phone).ask(what);
    if (!answer?.locked) return answer;
    this.closed();
    throw new Trouble("lock-locked");
  },
};

export const soldier = () => at("soldier").value.trim();

// Asks the phone how it is, and shows it at the edge of the screen.
export async function refresh() {
  if (!post.phone.enrolled) return;
  const now = await post.ask({ do: "state", soldier: soldier() });
  for (const choice of document.querySelectorAll("[name=kind]")) choice.checked = choice.value === now.kind;
  if (post.training) return;
  post.state = now;
  const waiting = now.on_this_device + now.sent;
  at("waiting").textContent = tell("phone-waiting", { waiting: String(waiting) });
  at("waiting").dataset.waiting = waiting;
  at("ages").textContent = tell("barrier-ages", { signers: age(now.trust_list_minutes), permits: age(now.permits_minutes) });
  at("post").textContent = now.post;
  at("link").textContent = tell(`phone-link-${post.link}`);
  at("link").dataset.link = post.link;
  at("on-duty").textContent = tell("status-soldier", { soldier: now.soldier });
  show("duty", now.watch === "on-duty");
  show("named", now.watch === "open");
}

// Takes a text, wherever it comes from, and gives the verdicts that it completes.
export async function take(text, begun = performance.now()) {
  await taken(await post.ask({ do: "take", text }), begun);
}

export async function taken({ say: said, complete, table }, begun = performance.now()) {
  say(...said);
  await conclude(complete, table, begun);
}

export async function close() {
  const { complete, table } = await post.ask({ do: "close" });
  await conclude(complete, table, performance.now());
}

async function conclude(complete, table, begun) {
  for (let left = complete; left > 0; left--) {
    const verdict = await post.ask({ do: "judge", soldier: soldier() });
    if (verdict) showVerdict(verdict);
    performance.measure("verdict", { start: begun, end: performance.now() });
  }
  showTable(table);
  if (complete) await recorded();
}

// Something new is on the disk.
export async function recorded() {
  await refresh();
  if (!post.training) post.send();
}

// Mends the last hand-in, and says what came of it.
export async function mend(what) {
  const { say: said } = await post.ask({ ...what, soldier: soldier() });
  next();
  say(...said);
  await recorded();
}

// Ready for whoever comes next.
export function next() {
  view("work");
  at("work").focus();
}
