// Where there is never a signal: a file for a driver, and the file that comes back. And what a revoked phone has kept.
import { post, refresh } from "./barrier.js";
import { at, doing, say, show } from "./screen.js";
import { fromBase64, toBase64 } from "./store.js";
import { node, tell } from "./words.js";

// The longest bundle (PROTOCOL.md).
const MAX_BYTES = 64 * 1024 * 1024;

// A link that saves a bundle.
function saving(name, bundle) {
  const href = URL.createObjectURL(new Blob([fromBase64(bundle)], { type: "application/octet-stream" }));
  return node("a", { class: "button", href, download: name }, tell("phone-gone-save"));
}

async function make() {
  const { bundle, hand_ins: waiting } = await post.phone.ask({ do: "export" });
  const { post: id, wall } = post.state;
  at("carried").replaceChildren(node("p", {}, tell("phone-exported", { waiting: String(waiting) })), saving(`${id}-${wall.replace(":", "")}.bundle`, bundle));
}

// `gone` is what follows where the file says that this phone is revoked.
async function bring(gone) {
  const [file] = at("bundle").files;
  if (file.size > MAX_BYTES) return say("phone-no-bundle");
  const bundle = toBase64(new Uint8Array(await file.arrayBuffer()));
  at("bundle").value = "";
  const done = await post.phone.ask({ do: "import", bundle });
  if (done.revoked) return gone();
  if (done.say) return say(...done.say);
  const text = (count) => String(count);
  const taken = { settled: text(done.settled), permits: text(done.permits_learnt), parcels: text(done.parcels), copies: text(done.copies_elsewhere) };
  await refresh();
  say(["bundle-imported", taken], ...(done.refused.length ? [["phone-import-refused", { count: text(done.refused.length) }]] : []));
}

// Shows in `id` what this browser keeps of revoked phones, each with the sentence `said`; all of it stays, however often
// that happens. Returns how many there are.
export async function showKept(id, said) {
  const all = await post.phone.kept();
  const part = ({ bundle, hand_ins: waiting }, index) =>
    node("div", { class: "kept" }, node("p", {}, tell(said, { waiting: String(waiting) })), saving(`kept-${index + 1}.bundle`, bundle));
  at(id).replaceChildren(...all.map(part));
  return all.length;
}

export function listenToCarrying(gone) {
  at("carry-part").addEventListener("toggle", doing(async () => show("kept", (await showKept("kept", "phone-kept")) > 0)));
  at("export").addEventListener("click", doing(make));
  at("import-form").addEventListener("submit", doing(() => bring(gone)));
}
