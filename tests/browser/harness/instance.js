// A data folder of its own, the program, and the rooms that run in it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const BINARY = process.env.PROPUSK_BINARY ?? join(TARGET, "debug/propusk");
// Longest wait for something that has to happen; a busy machine may take its time.
export const PATIENCE_MS = 120_000;

export class Instance {
  #folder = mkdtempSync(join(tmpdir(), "propusk-browser-"));
  #options;
  #child;

  // `options` are the program's own, such as ["--today", "2026-06-01"]; `config` is the text of a propusk.toml.
  constructor({ options = [], config } = {}) {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: run cargo build first`);
    this.#options = options;
    if (config) writeFileSync(this.path("propusk.toml"), config);
    if (config) this.#options = ["--config", this.path("propusk.toml"), ...options];
  }

  // A path beside the data folder, for files of the test.
  path(name) {
    return join(this.#folder, name);
  }

  get data() {
    return this.path("data");
  }

  // Starts all rooms and waits until each of them answers.
  async up() {
    const log = openSync(this.path("up.log"), "a");
    const stdio = ["ignore", log, log];
    this.#child = spawn(BINARY, ["up", ...this.#options], { env: this.#environment(), stdio });
    await until("propusk up to be ready", () => {
      if (this.#child.exitCode !== null) throw new Error(`propusk up ended:\n${this.log()}`);
      return existsSync(join(this.data, "run/ready"));
    });
    return this;
  }

  // The address of a room: desk, recorder, verify or handheld.
  url(room) {
    return this.#announced(room).url;
  }

  // The operator's token of a room.
  token(room) {
    return this.#announced(room).token;
  }

  log() {
    return readFileSync(this.path("up.log"), "utf8");
  }

  // Runs a command to its end, with something on its standard input; fails unless it ends with 0.
  run(args, input = "") {
    const done = spawnSync(BINARY, [...args, ...this.#options], { env: this.#environment(), input, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`${args.join(" ")}: status ${done.status}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  // Runs a command with --json that may answer no, too, and reads its one object; `day` is another today than the instance's.
  ask(args, day) {
    const options = this.#options.map((option, at) => (day && this.#options[at - 1] === "--today" ? day : option));
    const done = spawnSync(BINARY, [...args, "--json", ...options], { env: this.#environment(), encoding: "utf8" });
    if (done.status > 1) throw new Error(`${args.join(" ")}: status ${done.status}\n${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout);
  }

  // Sends and gets what is there, as often as a slow machine needs.
  sync(post) {
    const sync = ["handheld", "sync", "--post", post, "--wait", "10", ...this.#options];
    return until(`the handheld of ${post} to be done`, () => spawnSync(BINARY, sync, { env: this.#environment() }).status === 0);
  }

  // Ends one room the hard way; the supervisor starts it again.
  async restart(room) {
    const { pid } = this.#announced(room);
    process.kill(pid, "SIGKILL");
    await until(`${room} to be back`, () => {
      try {
        return this.#announced(room).pid !== pid && existsSync(join(this.data, "run/ready"));
      } catch {
        return false;
      }
    });
  }

  // Ends everything as Ctrl-C does, and removes the folder.
  async down() {
    if (this.#child && this.#child.exitCode === null) {
      const ended = new Promise((done) => this.#child.once("exit", done));
      this.#child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #announced(room) {
    return JSON.parse(readFileSync(join(this.data, `run/${room}.json`), "utf8"));
  }

  #environment() {
    // Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
    const path = `${process.env.PATH}:/usr/sbin:/sbin`;
    return { ...process.env, PATH: path, PROPUSK_DATA: this.data, LC_ALL: "C", LANG: "" };
  }
}

export async function until(what, done) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}
