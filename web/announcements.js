import { get, put, remove } from "./app/api.js";
import { day, el, table } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { number } from "./app/words.js";

const form = document.querySelector("#keep");
const list = document.querySelector("#announcements");
const { announcement: name, text, shown_from: from, shown_until: until } = form.elements;

const COLUMNS = [
  { label: "Text", cell: (one) => el("span", { class: "text" }, one.text) },
  { label: "Name", cell: (one) => one.announcement },
  { label: "Shown from", cell: (one) => day(one.shown_from) },
  { label: "Shown until", cell: (one) => day(one.shown_until) },
  { label: "Change", cell: buttons },
];

function buttons(one) {
  return el(
    "span",
    { class: "buttons" },
    el("button", { type: "button", class: "plain", "aria-label": `Change ${one.announcement}`, onclick: () => change(one) }, "Change"),
    el("button", { type: "button", class: "plain", "aria-label": `Remove ${one.announcement}`, onclick: () => attempt(() => drop(one)) }, "Remove"),
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
  list.replaceChildren(
    announcements.length ? table({ caption: "All announcements", columns: COLUMNS, rows: announcements }) : el("p", {}, "There is none."),
  );
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
