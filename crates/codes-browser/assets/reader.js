// Reads codes beside the page, which goes on while a picture is looked at: for each picture it says the text, where a code
// is seen, or the error.
import init, { read_code } from "./codes.js";

const ready = init();
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });

function read({ picture, width, height }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return read_code(context.getImageData(0, 0, width, height).data, width, height);
}

addEventListener("message", async ({ data }) => {
  try {
    await ready;
    postMessage({ text: read(data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
