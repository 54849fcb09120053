// The lock: who is on duty, and what happens when nobody touches the phone for a while.
import { next, post, refresh } from "./barrier.js";
import { at, doing, emptied, say, troubled } from "./screen.js";

const LOOK_MS = 5000;
const now = () => ({ wall: Date.now(), awake: performance.now() });
let touched = now();

// Of both clocks one can be set, and the other stands still while the phone sleeps: whichever says more.
const idleMs = () => Math.max(Date.now() - touched.wall, performance.now() - touched.awake);

const isIdle = () => post.state?.watch === "on-duty" && idleMs() >= post.state.lock_after_s * 1000;

// Somebody touches the phone, or holds a code before it.
export function touch() {
  if (isIdle()) lock().catch(troubled);
  else touched = now();
}

async function lock() {
  try {
    await post.phone.ask({ do: "lock" });
  } finally {
    // Afterwards: a verdict that was under way would else be shown on a screen that was cleared before.
    post.closed();
  }
  await refresh();
}

// Asks something that needs a PIN: the attempt is on the disk before the PIN is compared.
export async function withPin(name, pin, what) {
  const { paused } = await post.phone.ask({ do: "try", name, pin });
  return paused ? { say: [["lock-paused", { seconds: String(paused) }]] } : post.phone.ask(what);
}

async function unlock() {
  const begun = performance.now();
  const { on_duty: name, say: refused } = await withPin(at("lock-name").value, emptied("lock-pin"), { do: "unlock" });
  performance.measure("pin", { start: begun, end: performance.now() });
  if (refused) return say(...refused);
  at("lock-name").value = "";
  touched = now();
  await refresh();
  next();
  say(["lock-welcome", { soldier: name }]);
}

export function listenToLock() {
  at("lock-form").addEventListener("submit", doing(unlock));
  at("lock").addEventListener("click", doing(lock));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { capture: true, passive: true });
  const look = () => isIdle() && lock().catch(troubled);
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}
