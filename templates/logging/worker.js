{% load static %}/* Opens the form of a new activity without a connection. It answers for that page and its files, and for nothing else. */
const SHELL = "fourfold-form";
const FILES = "fourfold-form-files-{{ version }}";
const PAGE = "{% url "dashboards:activity-new" %}";
const STATIC = [{% for file in files %}"{% static file %}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(FILES)).addAll(STATIC);
    await keepPage(await fetch(PAGE, { credentials: "same-origin" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("fourfold-form-files-") && name !== FILES).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

/* Only the form itself: not the sign-in page one is sent to, and no error. */
async function keepPage(answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(SHELL)).put(PAGE, answer.clone());
  return answer;
}

async function page(request) {
  const isBare = !new URL(request.url).search;
  try {
    const answer = await fetch(request);
    if (isBare) await keepPage(answer);
    return answer;
  } catch (problem) {
    const kept = await (await caches.open(SHELL)).match(PAGE);
    if (kept) return kept;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(page(request));
  } else if (STATIC.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(async (problem) => (await caches.match(request, { cacheName: FILES })) || Promise.reject(problem)));
  }
});
