// What scripts add to pages that work without them:
//
//   <form data-live="/address" data-into="id">   what is typed is sent to the address as it is typed; of its answer, a
//                                                piece of HTML, each element with data-at="x" takes the place of what
//                                                stands in the element with the id x, and the rest of the element `id`
//   <label data-drop><input type="file">         files can be dropped onto the label
//   <form data-send-on-pick>                     a form that is sent when a file was chosen or dropped
//   <button data-print>                          prints the page
//   <form data-once>                             can't be sent twice by a double click
//   <dialog id>, <button data-opens="id">        a dialog, opened by the button
"use strict";

const PAUSE_MS = 250;

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
  let timer, asking, again;
  async function ask() {
    if (asking) return void (again = true);
    asking = true;
    again = false;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.live, { method: "POST", body, headers: { "x-fragment": "1" } });
      // A refusal of the program that stands between is no piece of this page.
      if (answer.headers.get("content-type")?.startsWith("text/html")) place(await answer.text(), into);
    } catch {
      // Without an answer the page stays as it is; its button asks the server too.
    }
    asking = false;
    if (again) ask();
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
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
