// The barrier on a phone: it is started here, and what is touched leads to what is done. Decisions are the module's.
import { close, next, post, refresh, take } from "./barrier.js";
import { Camera } from "./camera.js";
import { listenToCarrying, showKept } from "./carry.js";
import { listenToLock, touch } from "./lock.js";
import { listenToMending } from "./mending.js";
import { at, doing, emptied, say, show, troubled, view } from "./screen.js";
import { Sending } from "./send.js";
import { listenToSoldiers } from "./soldiers.js";
import { Handheld, Trouble } from "./store.js";
import { endTraining, listenToTraining } from "./training.js";
import { forgetVerdict } from "./verdict.js";
import { tell } from "./words.js";

// So often the ages at the edge of the screen are reckoned anew.
const REFRESH_MS = 30_000;
let camera, sending;

// A code is taken while nothing else is being done: no verdict stands there, and nobody types.
function seen(text, begun) {
  const busy = at("work").hidden || document.activeElement?.matches("input:not([type=radio]), textarea");
  if (busy) return undefined;
  touch();
  return take(text, begun).catch(troubled);
}

async function switchCamera() {
  camera ??= new Camera(at("view"), seen, (error) => {
    showCamera();
    troubled(new Trouble("phone-no-camera", error));
  });
  try {
    if (camera.on) camera.stop();
    else await camera.start();
  } catch (error) {
    throw new Trouble("phone-no-camera", error);
  } finally {
    showCamera();
  }
}

function showCamera() {
  const on = camera?.on ?? false;
  show("view", on);
  at("camera").textContent = tell(on ? "phone-camera-off" : "phone-camera");
}

// Nobody is on duty: whatever was seen goes from the screen.
function closed() {
  camera?.stop();
  showCamera();
  forgetVerdict();
  for (const field of document.querySelectorAll("#work input:not([type=radio]), #work textarea, #reason")) field.value = "";
  for (const part of document.querySelectorAll("#work details")) part.open = false;
  endTraining().catch(troubled).then(() => {
    view("locked");
    at("lock-name").focus();
  });
}

function linked(now, error) {
  if (error && !(error instanceof Trouble) && error.name !== "TypeError" && error.name !== "TimeoutError") console.warn(String(error));
  post.link = now;
  if (now === "revoked") return void gone().catch(troubled);
  refresh().catch(troubled);
}

// The recorder has revoked this phone: everything goes, except what it has no receipt for.
async function gone() {
  camera?.stop();
  await endTraining();
  if (post.phone.enrolled) await post.phone.wipe();
  forgetVerdict();
  say();
  show("bar", false);
  view("gone");
  await showKept("gone-kept", "phone-gone-kept");
}

async function begin() {
  if (!sending) {
    sending = new Sending(post.phone, linked);
    post.send = () => sending.now();
    setInterval(() => refresh().catch(troubled), REFRESH_MS);
  }
  show("bar");
  await refresh().catch(troubled);
  if (post.state?.watch === "locked") closed();
  else next();
  await navigator.storage?.persist?.();
  sending.now();
}

async function enrol() {
  await post.phone.enrol(at("code").value);
  emptied("code");
  await begin();
}

function listen() {
  at("enrol-form").addEventListener("submit", doing(enrol));
  at("again").addEventListener("click", doing(async () => view("enrol")));
  at("camera").addEventListener("click", doing(switchCamera));
  at("next").addEventListener("click", doing(next));
  at("everybody").addEventListener("click", doing(() => take("*")));
  at("close").addEventListener("click", doing(close));
  at("table-people").addEventListener("click", doing((event) => event.target.dataset.tick && take(event.target.dataset.tick)));
  at("typed-form").addEventListener("submit", doing(() => take(emptied("typed"))));
  at("torn").addEventListener("click", doing(() => take("t")));
  at("typed").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (at("typed").value.trim()) at("typed-form").requestSubmit();
  });
  // A wedge scanner types wherever it is: what it types goes into the field.
  addEventListener("keydown", (event) => {
    const elsewhere = event.target.matches("body, main, section, h2");
    const working = post.phone?.enrolled && at("locked").hidden && at("undo-ask").hidden;
    if (!working || !elsewhere || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
    next();
    at("typed").focus();
  });
  for (const choice of document.querySelectorAll("[name=kind]")) choice.addEventListener("change", doing(() => take(choice.dataset.command)));
  listenToLock();
  listenToMending();
  listenToSoldiers();
  listenToTraining();
  listenToCarrying(gone);
}

async function start() {
  post.closed = closed;
  listen();
  try {
    navigator.serviceWorker?.register("/phone/sw.js").catch((error) => console.warn(String(error)));
    post.phone = await Handheld.open("/phone/handheld_bg.wasm");
    if (post.phone.enrolled) await begin();
    else if ((await post.phone.kept()).length) await gone();
    else view("enrol");
  } catch (error) {
    troubled(error);
  }
  document.documentElement.dataset.ready = "";
}

start();
