// <div data-camera="id" data-codes="script" data-everywhere hidden>: appears where this browser can read codes by itself, and
// with data-everywhere in any. A code that its camera sees, or that a photograph shows, is written into the field `id`, and its form is sent.
const box = document.querySelector("[data-camera]");
const [view, start, photo] = ["view", "start", "photo"].map((name) => box.querySelector(`[data-${name}]`));
// Pause between two looks.
const LOOK_MS = 60;
const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
let reader, stream;

// Fetched once a code is to be read, not before.
function read(what) {
  reader ??= import(box.dataset.codes).then(({ codeReader }) => codeReader());
  return reader.then((reads) => reads(what));
}

function say(name) {
  for (const words of box.querySelectorAll("[data-says]")) words.hidden = words.dataset.says !== name;
}

function take(code) {
  const field = document.getElementById(box.dataset.camera);
  field.value = code;
  field.form.requestSubmit();
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  view.hidden = true;
  start.disabled = false;
}

async function look() {
  start.disabled = true;
  say("looking");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video });
  } catch {
    stop();
    return say("refused");
  }
  view.srcObject = stream;
  view.hidden = false;
  try {
    await view.play();
    while (stream?.active) {
      const code = await read(view);
      if (code && stream) return stop(), take(code);
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  } catch {
    reader = undefined;
    stop();
    say("failed");
  }
}

async function develop(file) {
  say("looking");
  try {
    const code = await read(await createImageBitmap(file));
    return code ? take(code) : say("unread");
  } catch {
    reader = undefined;
    say("failed");
  }
}

const readsByItself = async () => ((await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? []).includes("qr_code");
if ("everywhere" in box.dataset || (await readsByItself())) {
  box.hidden = false;
  start.hidden = !navigator.mediaDevices?.getUserMedia;
  start.addEventListener("click", look);
  photo.addEventListener("change", () => photo.files[0] && develop(photo.files[0]));
  addEventListener("pagehide", stop);
}
