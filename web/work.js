import { get, post } from "./app/api.js";
import { auditLink, claimFacts, decisionForm } from "./app/claim.js";
import { badge, day, el, details, instant } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { number, words } from "./app/words.js";

const LISTS = {
  "overdue-claims": {
    name: "Overdue claims",
    counted: "overdue_claims",
    about: "Claims that still wait for their provider 30 days after they were submitted. Decide one, or ask the provider.",
    show: overdueClaim,
  },
  "open-cases": {
    name: "Open cases",
    counted: "open_cases",
    about: "What holders ask about a claim. An answer or a decision on the claim closes a case.",
    show: openCase,
  },
  reviews: {
    name: "Reviews",
    counted: "reviews",
    about: "Completions that were retracted after their credits were redeemed or had expired. The credits count no more, but nothing that they brought was undone.",
    show: review,
  },
  "dead-letters": {
    name: "Dead letters",
    counted: "dead_letters",
    about: "Messages of providers that could not be processed. Mend the cause, then have them tried again on the command line.",
    show: deadLetter,
  },
};
const more = document.querySelector("#more");
const place = document.querySelector("#items");
let chosen;
let cursor = null;

function overdueClaim({ holder, claim, days_overdue: days }) {
  const late = days ? `Overdue for ${number(days, "day")}` : "Overdue since today";
  return card(
    [`${claim.title} `, badge(late, "bad")],
    claimFacts(claim, holder),
    decisionForm(claim, () => done("The claim is decided.")),
  );
}

function openCase({ case_id: id, holder, claim, opened_on: on, messages }) {
  return card(
    el("a", { href: `/cases.html?${new URLSearchParams({ case: id })}` }, claim.title),
    details([["Holder", auditLink(holder)], ["Opened", day(on)], ["Messages", String(messages)], ["Claim", words(claim.status)]]),
  );
}

function review({ holder, claim, retracted_on: on }) {
  const form = el(
    "form",
    { class: "fields" },
    el("label", { class: "wide" }, "What was found and done ", el("textarea", { name: "note", rows: 2, required: true, maxlength: 4000 })),
    el("div", { class: "refused wide" }),
    el("p", { class: "wide" }, el("button", {}, "Mark as done")),
  );
  whenSent(form, async () => {
    await post(`/admin/claims/${claim.claim_id}/review`, { note: form.elements.note.value });
    await done("The review is done.");
  });
  return card([`${claim.title} `, el("span", { class: "quiet" }, "retracted on ", day(on))], claimFacts(claim, holder), form);
}

function deadLetter({ message_id: id, sent_at: at, reason, detail, rule, sender, body }) {
  return card(
    words(reason),
    detail && el("p", {}, detail),
    details([["Sent", instant(at)], ["Sender", sender], ["Rule", rule && el("code", {}, rule)], ["Message", el("code", {}, id)]]),
    el("details", {}, el("summary", {}, "What was sent"), el("pre", { tabindex: 0 }, body)),
    el("p", {}, "Try all of this reason again: ", el("code", {}, `standing redrive --reason ${reason}`)),
  );
}

const card = (title, ...content) => el("article", { class: "card" }, el("h3", {}, ...[title].flat()), ...content);

async function count() {
  const numbers = await get("/admin/worklists");
  const links = Object.entries(LISTS).map(([id, { name, counted }]) =>
    el(
      "li",
      {},
      el("a", { href: `?list=${id}`, "aria-current": id === chosen ? "page" : null }, name, " ", el("span", { class: "count" }, String(numbers[counted]))),
    ),
  );
  const further = [["/audit.html", "Audit"], ["/announcements.html", "Announcements"]];
  const others = further.map(([href, name]) => el("li", {}, el("a", { href }, name)));
  document.querySelector("#lists").replaceChildren(el("ul", { class: "tabs" }, ...links, ...others));
}

async function load(after = "") {
  const page = await get(`/admin/worklists/${chosen}`, { cursor: after });
  const shown = page.items.map(LISTS[chosen].show);
  if (after) place.append(...shown);
  else place.replaceChildren(...(shown.length || page.next_cursor ? shown : [el("p", {}, "Nothing waits here.")]));
  cursor = page.next_cursor;
  more.hidden = cursor === null;
  say(`${number(place.querySelectorAll("article").length, "item")} shown${cursor ? ", there are more" : ""}`);
}

async function done(what) {
  await Promise.all([count(), load()]);
  say(what);
}

open(async () => {
  const asked = new URLSearchParams(location.search).get("list");
  chosen = Object.hasOwn(LISTS, asked) ? asked : "overdue-claims";
  more.addEventListener("click", () => attempt(() => load(cursor)));
  await count();
  document.querySelector("#work").hidden = false;
  document.querySelector("#work-title").textContent = LISTS[chosen].name;
  document.querySelector("#about").textContent = LISTS[chosen].about;
  await load();
});
