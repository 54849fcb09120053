// Reads codes beside the page, which goes on while a picture is looked at. It is given the compiled module, then pictures;
// for each it says the text, or null.
import init, { read_code } from "./handheld.js";

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });
let ready;

function read(picture, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return read_code(context.getImageData(0, 0, width, height).data, width, height) ?? null;
}

addEventListener("message", async ({ data: { module, picture, width, height } }) => {
  if (module) return void (ready = init({ module_or_path: module }));
  await ready;
  postMessage(read(picture, width, height));
});
