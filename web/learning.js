import { el, table } from "./app/elements.js";
import { keeping } from "./app/keeping.js";
import { learningTabs, LISTS } from "./app/learning.js";
import { open, say } from "./app/page.js";
import { number, words } from "./app/words.js";

const rowsPlace = document.querySelector("#rows");
const formPlace = document.querySelector("#form");

/** Shows a list and its form; told: what just happened, instead of how much is shown. */
async function show(list, told) {
  const [{ name: id }] = list.fields;
  const rows = (await list.load?.()) ?? [];
  const { form, fill } = keeping({
    fields: list.fields,
    choices: list.adds ? null : rows.map((row) => [row[id], words(row[id])]),
    button: list.adds ?? "Keep it so",
    send: (given) => send(list, given),
    chosen: (value) => fill(rows.find((row) => row[id] === value)),
  });
  const change = (row) =>
    el("button", { type: "button", class: "plain", "aria-label": `Change ${row[id]}`, onclick: () => begin(row) }, "Change");
  const begin = (row) => {
    fill(row);
    form.elements.namedItem(list.fields[1].name).focus();
  };
  if (list.load) {
    const columns = list.changes === false ? list.columns : [...list.columns, { label: "Change", cell: change }];
    rowsPlace.replaceChildren(rows.length ? table({ caption: list.name, titled: true, columns, rows }) : el("p", {}, "Nothing is kept yet."));
  }
  formPlace.replaceChildren(form);
  if (!list.adds && rows.length) fill(rows[0]);
  say(told ?? (list.load ? `${number(rows.length, list.one)} shown` : "Give the ids as the audit has them."));
}

async function send(list, given) {
  if (list.sure && !confirm(list.sure(given))) return;
  await list.send(given);
  await show(list, list.done?.(given) ?? `${given[list.fields[0].name]} is kept.`);
}

open(async () => {
  const asked = new URLSearchParams(location.search).get("list");
  const chosen = Object.hasOwn(LISTS, asked) ? asked : "partners";
  const list = LISTS[chosen];
  document.querySelector("#lists").replaceChildren(learningTabs(chosen));
  document.querySelector("#list-title").textContent = list.name;
  document.querySelector("#about").textContent = list.about;
  document.querySelector("#form-title").textContent = list.adds ?? "Change one";
  await show(list);
});
