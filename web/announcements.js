import { get, put, remove } from "./app/api.js";
import { day, el } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { number } from "./app/words.js";

const form = document.querySelector("#keep");
const list = document.querySelector("#announcements");
const { announcement: name, text, shown_from: from, shown_until: until } = form.elements;

function show(one) {
  const button = (label, onclick) =>
    el("button", { type: "button", class: "plain", "aria-label": `${label} ${one.announcement}`, onclick }, label);
  const until = one.shown_until ? [" through ", day(one.shown_until)] : [" until it is removed"];
  return el(
    "article",
    { class: "card" },
    el("h2", {}, one.announcement),
    el("p", { class: "text" }, one.text),
    el("p", { class: "quiet" }, "Shown from ", day(one.shown_from), ...until),
    el("p", { class: "buttons" }, button("Change", () => change(one)), button("Remove", () => attempt(() => drop(one)))),
  );
}

/** The form keeps one announcement: a new one, or the one that is being changed, whose name stays. */
function mode(changing) {
  name.readOnly = changing;
  document.querySelector("#form-title").textContent = changing ? "Change the announcement" : "Add an announcement";
  form.querySelector("button:not([type])").textContent = changing ? "Change" : "Add";
  form.querySelector("[type=reset]").hidden = !changing;
}

function change(one) {
  mode(true);
  name.value = one.announcement;
  text.value = one.text;
  from.value = one.shown_from;
  until.value = one.shown_until ?? "";
  text.focus();
}

async function drop(one) {
  if (!confirm(`Remove the announcement ${one.announcement}? Nobody will see it any more.`)) return;
  await remove(`/admin/announcements/${encodeURIComponent(one.announcement)}`);
  await load();
  say(`The announcement ${one.announcement} is removed.`);
}

async function load() {
  const { announcements } = await get("/admin/announcements");
  list.replaceChildren(...announcements.map(show));
  say(`${number(announcements.length, "announcement")} shown`);
}

open(async () => {
  form.addEventListener("reset", () => mode(false));
  whenSent(form, async () => {
    const given = { text: text.value, shown_from: from.value || null, shown_until: until.value || null };
    await put(`/admin/announcements/${encodeURIComponent(name.value)}`, given);
    form.reset();
    await load();
    say("The announcement is kept.");
  });
  await load();
});
