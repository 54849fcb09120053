// The phone's way to the recorder: a signed parcel out, a signed return back, as a driver would carry them.
import { Trouble, fromBase64, toBase64 } from "./store.js";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
// Where nothing waits, news are asked for so often.
const NEWS_MS = 300_000;
const ANSWER_MS = 30_000;

export class Sending {
  #handheld;
  #tell;
  #timer;
  #busy = false;
  #again = false;
  #pause = FIRST_MS;

  // `tell` hears what the link is like: `sending`, `well`, `waiting` or `revoked`.
  constructor(handheld, tell) {
    this.#handheld = handheld;
    this.#tell = tell;
    addEventListener("online", () => this.now());
  }

  // Sends at once; a hand-in is not kept waiting while all is well.
  async now() {
    if (!this.#handheld.enrolled) return;
    if (this.#busy) return void (this.#again = true);
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      do {
        this.#again = false;
        this.#tell("sending");
        if (await this.#rounds()) return this.#tell("revoked");
      } while (this.#again);
      this.#pause = FIRST_MS;
      this.#tell("well");
      this.#later(NEWS_MS);
    } catch (error) {
      this.#tell("waiting", error);
      this.#later(this.#pause * (0.5 + Math.random() / 2));
      this.#pause = Math.min(this.#pause * 2, LONGEST_MS);
    } finally {
      this.#busy = false;
    }
  }

  // Parcel after parcel until nothing waits; true where the recorder has revoked this phone.
  async #rounds() {
    for (;;) {
      const { parcel } = await this.#handheld.ask({ do: "send" });
      const back = await post(fromBase64(parcel));
      const { revoked, settled, waiting } = await this.#handheld.ask({ do: "returned", back: toBase64(back) });
      if (revoked) return true;
      if (!waiting) return false;
      if (!settled) throw new Trouble("phone-no-receipt");
    }
  }

  #later(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), pause);
  }
}

async function post(body) {
  if (!navigator.onLine) throw new Trouble("phone-no-signal");
  const headers = { "content-type": "application/octet-stream" };
  const answer = await fetch("/phone/parcels", { method: "POST", headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Trouble("phone-no-receipt", new Error(`status ${answer.status}`));
  return new Uint8Array(await answer.arrayBuffer());
}
