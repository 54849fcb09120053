// What scripts add to pages that work without them:
//
//   <form data-live="/address" data-into="id">   what is typed is sent to the address as it is typed; of its answer, a
//                                                piece of HTML, each element with data-at="x" takes the place of what
//                                                stands in the element with the id x, and the rest of the element `id`
//   <label data-drop><input type="file">         files can be dropped onto the label
//   <form data-send-on-pick>                     a form that is sent when a file was chosen or dropped
//   <button data-print>                          prints the page
//   <form data-once>                             can't be sent twice by a double click
//   <div data-events="/address">                 hears from the address that something changed, and asks for its own page
//                                                again: each element with data-now takes what stands there under its id
//   <dialog id>, <button data-opens="id">        a dialog, opened by the button
"use strict";

const PAUSE_MS = 250;
const RETRY_MS = 5000;

// Puts an answer into the page: its pieces where they belong, the rest into `into`.
function place(html, into) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  for (const piece of answer.content.querySelectorAll("[data-at]")) {
    const there = document.getElementById(piece.dataset.at);
    piece.remove();
    if (there && there.innerHTML !== piece.innerHTML) there.replaceChildren(...piece.childNodes);
  }
  into.replaceChildren(answer.content);
}

// One question at a time: what is typed meanwhile is asked when the answer is there, so that answers never overtake.
for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  let timer, asking, again, leaving;
  async function ask() {
    if (leaving) return;
    if (asking) return void (again = true);
    let answered;
    asking = new Promise((done) => (answered = done));
    again = false;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.live, { method: "POST", body, headers: { "x-fragment": "1" } });
      // A refusal of the program that stands between is no piece of this page.
      if (answer.headers.get("content-type")?.startsWith("text/html")) place(await answer.text(), into);
    } catch {
      // Without an answer the page stays as it is; its button asks the server too.
    }
    asking = undefined;
    answered();
    if (again) ask();
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  // The answer under way brings the next revision: sent before it is here, the form would be in conflict with itself.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = true;
    if (!asking) return;
    event.preventDefault();
    asking.then(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pageshow", () => (leaving = false));
}

for (const label of document.querySelectorAll("[data-drop]")) {
  const input = label.querySelector("input[type=file]");
  const over = (on) => (event) => {
    event.preventDefault();
    label.classList.toggle("over", on);
  };
  label.addEventListener("dragover", over(true));
  label.addEventListener("dragleave", over(false));
  label.addEventListener("drop", (event) => {
    over(false)(event);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

for (const form of document.querySelectorAll("form[data-send-on-pick]")) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length) form.requestSubmit();
  });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    // It is only put off.
    if (event.defaultPrevented) return;
    if (sent) event.preventDefault();
    sent = true;
  });
  // Coming back with the browser's back button, it may be sent again.
  addEventListener("pageshow", () => (sent = false));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("print" in button.dataset) print();
  if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
});

// What changed is asked for as the whole page, which knows how to say it; only what differs is put in place.
const live = document.querySelector("[data-events]");
if (live) {
  let asking, again;
  async function renew() {
    if (asking) return void (again = true);
    asking = true;
    again = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      // The session is over.
      if (answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      for (const part of document.querySelectorAll("[data-now]")) {
        const newer = page.getElementById(part.id);
        if (newer && newer.innerHTML !== part.innerHTML) part.replaceChildren(...newer.childNodes);
      }
    } catch {
      // Without an answer the page stays as it is; its link asks the server too.
    }
    asking = false;
    if (again) renew();
  }
  function listen() {
    const source = new EventSource(live.dataset.events);
    // What came between the page and its first word would be missed.
    source.addEventListener("open", renew);
    source.addEventListener("message", renew);
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      renew();
      setTimeout(listen, RETRY_MS);
    });
  }
  listen();
}
