// The phone's own keeping: its rows and its key in the browser's database, and the module that decides over them.
//
// One question at a time. What the module has changed is in the database, all of it or nothing and written through to the
// disk, before anybody sees an answer; where it can't be written, the module is opened anew from what is there.
import init, { Kept, Phone, enrolled, public_key } from "./handheld.js";

const DATABASE = "propusk-phone";
// Where it lies what wiped phones have kept: a row for each key, and one of an older version of this page.
const KEPT = "kept";
const OF_KEPT = () => IDBKeyRange.bound(KEPT, `${KEPT}\uffff`);
// Random bytes: of a question, and of an opening (a mark and the bits of an epoch).
const OF_QUESTION = 10;
const OF_OPENING = 28;

// The bytes of which a training's specimens come.
const OF_TRAINING = 32;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const random = (count) => hex(crypto.getRandomValues(new Uint8Array(count)));

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

// Something that the soldier can do something about; `id` is its sentence.
export class Trouble extends Error {
  constructor(id, cause) {
    super(id, { cause });
    this.id = id;
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Resolves once the transaction is on the disk.
function kept(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

function openDatabase() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("rows");
    request.result.createObjectStore("self");
  };
  return done(request);
}

const newKey = () =>
  crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]).catch((error) => {
    throw new Trouble("phone-old-browser", error);
  });

const publicKey = async (pair) => public_key(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));

// Does one thing at a time, in the order in which they were asked for.
function oneByOne() {
  let last = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

// Asks the module, and signs what it wants signed; `keep` gets the rows that have changed before the answer is given.
async function answered(phone, pair, what, keep) {
  const question = JSON.stringify({ ...what, now_ms: Date.now(), random: random(OF_QUESTION) });
  for (;;) {
    const said = JSON.parse(phone.ask(question));
    if (said.rows.length) await keep(said.rows);
    if (said.error) throw new Error(said.error);
    if (!said.sign) return said.answer;
    for (const bytes of said.sign) {
      const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, fromBase64(bytes));
      if (!phone.signed(bytes, new Uint8Array(signature))) throw new Error("the key does not fit");
    }
  }
}

// The same phone for training: over rows that nobody keeps, with a key that goes with it.
class Training {
  #phone;
  #pair;
  #inTurn = oneByOne();

  constructor(phone, pair) {
    this.#phone = phone;
    this.#pair = pair;
  }

  ask(what) {
    return this.#inTurn(() => answered(this.#phone, this.#pair, what, () => {}));
  }
}

export class Handheld {
  #database;
  #self;
  #phone;
  // When the phone was opened, on the clock that nobody sets.
  #opened;
  #inTurn = oneByOne();

  // Opens what this browser keeps. One window at a time: two would give the same numbers twice.
  static async open(wasm) {
    await alone();
    const handheld = new Handheld();
    await init({ module_or_path: wasm });
    handheld.#database = await openDatabase();
    handheld.#self = await handheld.#read("self", "device");
    if (handheld.#self) await handheld.#reopen();
    return handheld;
  }

  get enrolled() {
    return this.#phone !== undefined;
  }

  // What each phone that was wiped here has kept for the operator: `{bundle, hand_ins}`.
  kept() {
    return done(this.#database.transaction("self").objectStore("self").getAll(OF_KEPT()));
  }

  // Makes a key that never leaves this browser, and has the recorder take it for a one-time code.
  async enrol(code) {
    const pair = await newKey();
    const key = await publicKey(pair);
    const body = JSON.stringify({ code: code.trim(), public_key: key });
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/v1/enrolments", { method: "POST", headers, body }).catch((error) => {
      throw new Trouble("phone-no-signal", error);
    });
    if (answer.status === 429) throw new Trouble("phone-many-codes");
    if (answer.status === 403) throw new Trouble("phone-bad-code");
    if (!answer.ok) throw new Trouble("phone-not-enrolled");
    const opening = { public_key: key, now_ms: Date.now(), random: random(OF_OPENING) };
    const { profile, rows } = JSON.parse(enrolled(await answer.text(), JSON.stringify(opening)));
    this.#self = { profile, public_key: key, pair };
    await this.#write(rows, this.#self);
    await this.#reopen();
  }

  // Asks the module; see the crate handheld's `phone` for the questions.
  ask(what) {
    return this.#inTurn(() => this.#answer(what));
  }

  // A training at this phone's post.
  async train() {
    const pair = await newKey();
    const opening = { public_key: await publicKey(pair), now_ms: Date.now(), random: random(OF_TRAINING) };
    return new Training(this.#phone.train(JSON.stringify(opening)), pair);
  }

  // Forgets everything but what nobody has a receipt for, which is kept for the operator beside what was kept before.
  wipe() {
    return this.#inTurn(async () => {
      const rest = await this.#answer({ do: "export" });
      const transaction = this.#database.transaction(["rows", "self"], "readwrite", { durability: "strict" });
      transaction.objectStore("self").put(rest, `${KEPT} ${this.#self.public_key}`);
      transaction.objectStore("self").delete("device");
      transaction.objectStore("rows").clear();
      await kept(transaction);
      localStorage.removeItem("soldier");
      this.#phone = this.#self = undefined;
    });
  }

  #answer(what) {
    if (!this.#phone) throw new Trouble("phone-gone");
    const uptime_ms = Math.floor(performance.now() - this.#opened);
    return answered(this.#phone, this.#self.pair, { ...what, uptime_ms }, (rows) => this.#keep(rows));
  }

  async #keep(rows) {
    try {
      await this.#write(rows);
    } catch (error) {
      await this.#reopen();
      throw new Trouble(error?.name === "QuotaExceededError" ? "phone-full" : "phone-not-written", error);
    }
  }

  #write(rows, self) {
    const transaction = this.#database.transaction(["rows", "self"], "readwrite", { durability: "strict" });
    const store = transaction.objectStore("rows");
    for (const [key, value] of rows) {
      if (value === null) store.delete(fromBase64(key));
      else store.put(fromBase64(value), fromBase64(key));
    }
    if (self) transaction.objectStore("self").put(self, "device");
    return kept(transaction);
  }

  #read(store, key) {
    return done(this.#database.transaction(store).objectStore(store).get(key));
  }

  async #reopen() {
    const store = this.#database.transaction("rows").objectStore("rows");
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    const rows = new Kept();
    keys.forEach((key, at) => rows.add(new Uint8Array(key), values[at]));
    const { profile, public_key: key } = this.#self;
    const opening = { profile, public_key: key, now_ms: Date.now(), random: random(OF_OPENING) };
    this.#phone = Phone.open(rows, JSON.stringify(opening));
    this.#opened = performance.now();
    // A new epoch has begun: it is kept with the first hand-in of it, or never needed.
  }
}

// Holds this browser's only place at the barrier until the window is closed.
function alone() {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(5000);
    const holding = navigator.locks.request("propusk-phone", { signal }, () => {
      resolve();
      return new Promise(() => {});
    });
    holding.catch((error) => reject(new Trouble("phone-two-windows", error)));
  });
}
