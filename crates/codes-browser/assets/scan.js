// Codes in pictures: read by the browser where it can, else by the module in a worker beside the page.

// Longest side of a photograph that the module looks at, in pixels: a code on it is large, and more would only take longer.
const LONGEST = 2000;
const { HAVE_CURRENT_DATA } = HTMLMediaElement;

async function readsByItself() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return formats.includes("qr_code");
}

// What the worker is given of a <video> or an ImageBitmap; nothing while a video has no picture.
async function pictureOf(view) {
  if (view instanceof ImageBitmap) {
    const scale = Math.min(1, LONGEST / Math.max(view.width, view.height));
    const [width, height] = [view.width, view.height].map((side) => Math.round(side * scale));
    return { picture: await createImageBitmap(view), width, height };
  }
  const { videoWidth: width, videoHeight: height } = view;
  if (!width || view.readyState < HAVE_CURRENT_DATA) return undefined;
  return { picture: globalThis.VideoFrame ? new VideoFrame(view) : await createImageBitmap(view), width, height };
}

// A function that says the text of a code in a <video> or an ImageBitmap, or undefined.
export async function codeReader() {
  if (await readsByItself()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (view) => (await detector.detect(view).catch(() => []))[0]?.rawValue;
  }
  const worker = new Worker(new URL("./reader.js", import.meta.url), { type: "module" });
  // What becomes of the picture that is looked at; and a worker that can't be loaded looks at none.
  let looking;
  worker.onmessage = ({ data: { text, error } }) => (error ? looking.reject(new Error(error)) : looking.resolve(text));
  const broken = new Promise((_, reject) => (worker.onerror = ({ message }) => reject(new Error(message))));
  broken.catch(() => {});
  return async (view) => {
    const given = await pictureOf(view);
    if (!given) return undefined;
    const text = new Promise((resolve, reject) => (looking = { resolve, reject }));
    worker.postMessage(given, [given.picture]);
    return Promise.race([text, broken]);
  };
}
