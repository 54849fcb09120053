// <button data-camera="id" hidden>, <video data-camera-view hidden>: where the browser reads QR codes itself, the button
// appears; a code that the camera sees is written into the field `id`, and its form is sent.
const button = document.querySelector("[data-camera]");
const view = document.querySelector("[data-camera-view]");

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function look() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    // Without leave or a camera the text can still be typed.
    button.hidden = true;
    return;
  }
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    view.hidden = true;
    button.disabled = false;
  };
  addEventListener("pagehide", stop, { once: true });
  button.disabled = true;
  while (stream.active) {
    const [code] = await detector.detect(view).catch(() => []);
    if (code?.rawValue) {
      stop();
      const field = document.getElementById(button.dataset.camera);
      field.value = code.rawValue;
      field.form.requestSubmit();
      return;
    }
    await new Promise((done) => setTimeout(done, 150));
  }
}

if (button) {
  canRead().then((can) => (button.hidden = !can));
  button.addEventListener("click", look);
}
