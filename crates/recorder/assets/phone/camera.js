// Codes in front of the camera.
import { codeReader } from "./scan.js";

// Pause between two looks, and for how long a code has to be out of sight before it counts again.
const LOOK_MS = 60;
const FORGET_MS = 2500;

// Gives each code in `view` to `take`, once, and waits for it. `take` hears when the picture was looked at.
export class Camera {
  #view;
  #take;
  #failed;
  #reader;
  #stream;
  #seen;

  // `failed` hears when looking has ended by a fault.
  constructor(view, take, failed) {
    this.#view = view;
    this.#take = take;
    this.#failed = failed;
  }

  get on() {
    return this.#stream?.active ?? false;
  }

  async start() {
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ video });
    this.#view.srcObject = this.#stream;
    await this.#view.play();
    this.#reader ??= codeReader();
    this.#look(await this.#reader).catch((error) => {
      this.stop();
      // The next start loads it anew.
      this.#reader = undefined;
      this.#failed(error);
    });
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
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
