import { get } from "./app/api.js";
import { day, el, options } from "./app/elements.js";
import { attempt, open, recall, remember, say, whenChanged } from "./app/page.js";
import { number, words } from "./app/words.js";

const search = document.querySelector("#search");
const more = document.querySelector("#more");
const list = document.querySelector("#courses");
const names = new Map();
let cursor = null;
let narrowedTo;

function show(course) {
  const offers = Object.entries(course.item_types).map(([itemType, providers]) =>
    el("li", {}, el("strong", {}, words(itemType)), ` by ${providers.map((id) => names.get(id) ?? id).join(", ")}`),
  );
  return el(
    "article",
    { class: "card" },
    el("h2", {}, course.title, " ", el("span", { class: "quiet" }, course.course)),
    el("ul", { class: "versions" }, ...course.versions.map(version)),
    el("ul", { class: "offers" }, ...offers),
    el("p", { class: "actions" }, el("a", { href: `/submit.html?course=${encodeURIComponent(course.course)}` }, "Claim", el("span", { class: "hidden" }, ` ${course.title}`))),
  );
}

function version({ version, credits, available_from: from, available_until: until }) {
  return el(
    "li",
    {},
    el("span", {}, `Version ${version}`),
    el("span", { class: "credits" }, number(credits, "credit")),
    from || until
      ? el("span", { class: "quiet" }, "completed", ...(from ? [" from ", day(from)] : []), ...(until ? [" until ", day(until)] : []))
      : null,
  );
}

async function load(signal, after = "") {
  const given = remember(search);
  const page = await get("/catalog", { ...given, cursor: after }, signal);
  const courses = page.items.map(show);
  if (after) list.append(...courses);
  else list.replaceChildren(...(courses.length || page.next_cursor ? courses : [el("p", {}, "No course is like that.")]));
  cursor = page.next_cursor;
  more.hidden = cursor === null;
  say(`${number(list.querySelectorAll("article").length, "course")} shown${cursor ? ", there are more" : ""}`);
}

/** An item type narrows providers; a provider that does not fit it is dropped. */
async function narrow(signal) {
  const { item_type: itemType, provider } = search.elements;
  if (itemType.value === narrowedTo) return;
  const found = await get("/catalog-filters", { item_type: itemType.value }, signal);
  narrowedTo = itemType.value;
  for (const known of found.providers) names.set(known.provider, known.name);
  if (itemType.length === 1) itemType.append(...options(counted(found.item_types)));
  const chosen = provider.value;
  const offering = found.providers.map((known) => [known.provider, `${known.name} (${known.courses})`]);
  provider.replaceChildren(...options([["", "All"], ...offering]));
  provider.value = offering.some(([id]) => id === chosen) ? chosen : "";
}

const counted = (itemTypes) => Object.entries(itemTypes).map(([id, courses]) => [id, `${words(id)} (${courses})`]);

async function look(signal) {
  await attempt(async () => {
    await narrow(signal);
    await load(signal);
  });
}

open(async () => {
  // First everything, for the choices there are; then what the address asks for.
  await narrow();
  recall(search);
  whenChanged(search, look);
  more.addEventListener("click", () => attempt(() => load(undefined, cursor)));
  await look();
});
