// Training with specimen permits: a phone of its own in memory, which was never enrolled and sends nothing.
import { next, post, refresh, taken } from "./barrier.js";
import { at, doing, show } from "./screen.js";
import { forgetVerdict } from "./verdict.js";
import { node, tell } from "./words.js";

// What a training has no use for.
const NOT_THERE = ["bar", "soldiers-part", "carry-part", "training-part"];

async function begin() {
  post.training = await post.phone.train();
  const lessons = await post.ask({ do: "lessons" });
  const button = (it) => node("button", { type: "button", class: "quiet", "data-lesson": it.key }, tell(it.sentence));
  at("lessons").replaceChildren(...lessons.map((it) => node("li", {}, button(it))));
  await shown();
}

export async function endTraining() {
  if (!post.training) return;
  post.training = undefined;
  await shown();
}

async function shown() {
  const training = Boolean(post.training);
  document.documentElement.classList.toggle("training", training);
  for (const id of ["banner", "lessons-part"]) show(id, training);
  for (const id of NOT_THERE) show(id, !training);
  forgetVerdict();
  await refresh();
  next();
  scrollTo(0, 0);
}

export function listenToTraining() {
  at("train").addEventListener("click", doing(begin));
  at("train-end").addEventListener("click", doing(endTraining));
  at("lessons").addEventListener("click", doing(async ({ target }) => {
    if (target.dataset.lesson) await taken(await post.ask({ do: "lesson", key: target.dataset.lesson }));
  }));
}
