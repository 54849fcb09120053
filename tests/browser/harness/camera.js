// A camera that sees our own printed pages: a file for Chromium's fake one, and a Chromium that can be killed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { FLAGS, program } from "./browser.js";
import { until } from "./instance.js";

// What the camera sees, in pixels; and for how many pictures it stays on a page.
const WIDTH = 1280;
const HEIGHT = 720;
const PICTURES_A_PAGE = 24;

// The pages of a PDF as pictures (PNG), in Base64.
export function pages(pdf, folder) {
  const done = spawnSync("pdftoppm", ["-r", "220", "-png", pdf, join(folder, "page")]);
  if (done.status !== 0) throw new Error(`pdftoppm: ${done.stderr}`);
  const names = spawnSync("sh", ["-c", `ls ${join(folder, "page")}-*.png`], { encoding: "utf8" }).stdout.trim().split("\n");
  return names.map((name) => readFileSync(name).toString("base64"));
}

// Films `pictures`, each held at a slight angle that changes as a hand's does, and writes them as Motion JPEG. `region` is
// the part of a page that fills the camera's height: [left, top, side], as parts of the page's width.
export async function film(page, pictures, region, file) {
  const frames = await page.evaluate(
    async ({ pictures, region: [left, top, side], size: [width, height], count }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d");
      const frames = [];
      for (const picture of pictures) {
        const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
        const scale = height / (side * image.width);
        for (let at = 0; at < count; at++) {
          const turn = ((at % 12) - 6) * 0.02;
          context.setTransform(1, 0, 0, 1, 0, 0);
          context.fillStyle = "#6b6256";
          context.fillRect(0, 0, width, height);
          // Turned, and sheared a little, as a paper that is not held straight.
          context.setTransform(scale * Math.cos(turn), scale * Math.sin(turn), scale * (0.06 - Math.sin(turn)), scale * Math.cos(turn), width / 2, height / 2);
          context.drawImage(image, -(left + side / 2) * image.width, -(top + side / 2) * image.width);
          const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
          const bytes = new Uint8Array(await blob.arrayBuffer());
          frames.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
        }
      }
      return frames;
    },
    { pictures, region, size: [WIDTH, HEIGHT], count: PICTURES_A_PAGE },
  );
  writeFileSync(file, Buffer.concat(frames.map((frame) => Buffer.from(frame, "base64"))));
}

// Flags for a Chromium whose camera shows the film in `file`.
export const fake = (file) => ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${file}`];

// A Chromium of its own with a profile that outlives it.
export class Phone {
  #profile;
  #camera;
  #child;

  constructor(profile, camera) {
    this.#profile = profile;
    this.#camera = camera;
  }

  async start() {
    const port = join(this.#profile, "DevToolsActivePort");
    rmSync(port, { force: true });
    const flags = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${this.#profile}`, ...FLAGS, ...fake(this.#camera), "about:blank"];
    this.#child = spawn(program(), flags, { stdio: "ignore" });
    await until("the phone's browser", () => existsSync(port) && readFileSync(port, "utf8").includes("\n"));
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${readFileSync(port, "utf8").split("\n")[0]}`);
    return browser.contexts()[0];
  }

  // As when the battery falls out.
  async kill() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
