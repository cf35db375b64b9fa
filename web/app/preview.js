// What POST /claims/preview answers, in words.

import { day, details, el, rules, table } from "./elements.js";
import { problem } from "./page.js";
import { remaining } from "./remaining.js";
import { number, parts, words } from "./words.js";

const COUNTS_TOWARD = [
  { label: "Certification", cell: (line) => line.certification },
  { label: "Credits now", number: true, cell: (line) => String(line.credits_before) },
  { label: "With this item", number: true, cell: (line) => String(line.credits_after) },
  { label: "Then remains", cell: (line) => el("div", { class: "remains" }, ...remaining(line.remaining)) },
];

/** The elements that say it. */
export function previewed({ refusal, claim, counts_toward: countsToward, recertifies, waiting, because }) {
  if (refusal) {
    return [
      problem({ title: "This claim would be refused", message: refusal.detail, rule: refusal.rule }),
      el("p", {}, "Change the item above and preview it again."),
    ];
  }
  return [
    el("p", { class: claim.status === "denied" ? "verdict bad" : "verdict good" }, outcome(claim)),
    details([
      ["Course", `${claim.title} (${claim.course}) ${claim.version}`],
      ["Credits", el("strong", {}, String(claim.credits))],
      ["Completed", day(claim.completed_on)],
    ]),
    el("h3", {}, "What it would count toward"),
    countsToward.length
      ? table({ caption: "What it would count toward", titled: true, columns: COUNTS_TOWARD, rows: countsToward })
      : el("p", {}, "No certification: these credits would count for none of yours now."),
    ...recertifies.map(recertification),
    waiting ? whatWaitingGains(waiting, claim) : null,
    rules(because),
  ];
}

function outcome({ status, reason }) {
  if (status === "earned") return "It would be accepted, and earned at once: the provider has already reported it.";
  if (status === "denied") return `It would be accepted, and denied at once: ${words(reason).toLowerCase()}.`;
  return "It would be accepted, and wait for the provider to confirm it. What follows assumes that it is confirmed.";
}

function recertification({ certification, criteria_met_on: metOn, expires_on: until, renewed, option }) {
  const others = renewed.filter((track) => track !== certification);
  return el(
    "div",
    { class: "gain" },
    el("p", { class: "title" }, `It would recertify ${certification}`),
    el("p", {}, "From ", day(metOn), ", the day on which ", el("strong", {}, parts(option)), " are met; it would then last until ", day(until), "."),
    others.length ? el("p", {}, `Renewed with it: ${others.join(", ")}.`) : null,
  );
}

/** The new term counts from the day the criteria were met, so a later last course makes it end later. */
function whatWaitingGains({ certification, until, expires_on: expiresOn, days_gained: days }, { credits }) {
  return el(
    "div",
    { class: "hold" },
    el("p", { class: "title" }, `Waiting would gain ${number(days, "day")}`),
    el(
      "p", {},
      `A new term counts from the day the criteria are met. If you left this course unclaimed and completed another of at least ${number(credits, "credit")} as late as `,
      day(until), `, ${certification} would last until `, day(expiresOn), ". Claiming this course later gains nothing.",
    ),
  );
}
