// What the page needs without a signal. The server puts `SHELL` in front: a version, the files, the languages.
const CACHE = `propusk-phone-${SHELL.version}`;
const CHOICE = "propusk-phone-language";
const PAGE = "/phone/";

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { origin, pathname, searchParams } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname === PAGE) event.respondWith(page(searchParams.get("lang")));
  else if (SHELL.files.includes(pathname)) event.respondWith(file(event.request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.files);
  for (const language of SHELL.languages) {
    const asked = await fetch(PAGE, { headers: { "accept-language": language }, credentials: "omit", cache: "reload" });
    if (!asked.ok) throw new Error(`the page in ${language}: ${asked.status}`);
    await cache.put(PAGE + language, asked);
  }
  if (!(await chosen())) {
    const html = await (await fetch(PAGE)).text();
    await choose(/<html lang="(\w+)"/.exec(html)?.[1] ?? SHELL.languages[0]);
  }
  await skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name !== CACHE && name !== CHOICE) await caches.delete(name);
  }
  await clients.claim();
}

async function page(wished) {
  if (SHELL.languages.includes(wished)) await choose(wished);
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE + (await chosen()))) ?? fetch(PAGE);
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

async function chosen() {
  return (await (await caches.open(CHOICE)).match("/phone/choice"))?.text();
}

async function choose(language) {
  await (await caches.open(CHOICE)).put("/phone/choice", new Response(language));
}
