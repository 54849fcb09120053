// Codes in front of the camera: read by the browser where it can, else by the module.
import { read_code } from "./handheld.js";

// Pause between two looks, and for how long a code has to be out of sight before it counts again.
const LOOK_MS = 60;
const FORGET_MS = 2500;

async function reader() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (view) => (await detector.detect(view).catch(() => []))[0]?.rawValue;
  }
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (view) => {
    const { videoWidth: width, videoHeight: height } = view;
    if (!width) return undefined;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(view, 0, 0);
    return read_code(context.getImageData(0, 0, width, height).data, width, height);
  };
}

// Gives each code in `view` to `take`, once, and waits for it. `take` hears when the picture was looked at.
export class Camera {
  #view;
  #take;
  #stream;
  #seen;

  constructor(view, take) {
    this.#view = view;
    this.#take = take;
  }

  get on() {
    return this.#stream?.active ?? false;
  }

  async start() {
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ video });
    this.#view.srcObject = this.#stream;
    await this.#view.play();
    this.#look(await reader());
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#view.srcObject = null;
  }

  async #look(read) {
    while (this.on) {
      const begun = performance.now();
      const text = this.#view.hidden ? undefined : await read(this.#view);
      if (text && this.on) {
        performance.measure("decode", { start: begun, end: performance.now() });
        await this.#read(text, begun);
      }
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }

  async #read(text, begun) {
    const now = performance.now();
    const again = this.#seen?.text === text && now - this.#seen.at < FORGET_MS;
    if (!again) await this.#take(text, begun);
    // However long that took, the same paper is still there.
    this.#seen = { text, at: performance.now() };
  }
}
