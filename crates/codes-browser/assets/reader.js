// Reads codes beside the page, which goes on while a picture is looked at: for each picture it says the text, or null.
import init, { read_code } from "./codes.js";

const ready = init();
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });

function read({ picture, width, height }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return read_code(context.getImageData(0, 0, width, height).data, width, height) ?? null;
}

addEventListener("message", async ({ data }) => {
  await ready;
  postMessage(read(data));
});
