import { post } from "./app/api.js";
import { offerCertifications } from "./app/certifications.js";
import { day, details, el } from "./app/elements.js";
import { attempt, open, remember, say, whenChanged } from "./app/page.js";
import { number, parts } from "./app/words.js";

const asked = document.querySelector("#asked");
const ways = document.querySelector("#ways");
const above = document.querySelector("#plan");

async function load(signal) {
  const { certification, by } = remember(asked);
  const plan = await post("/plans", { certification, ...(by ? { by } : {}) });
  // What was asked for since then is on its way.
  if (signal?.aborted) return;
  const tied = (rank) => plan.ways.filter((way) => way.rank === rank).length - 1;
  above.replaceChildren(...told(plan).filter(Boolean));
  const withCourses = plan.ways.find((way) => way.courses);
  ways.replaceChildren(...plan.ways.map((way) => shown(way, tied(way.rank), way === withCourses)));
  say(`${number(plan.ways.length, "way")} to recertify ${certification} by ${plan.by}${plan.more ? "; there are more" : ""}`);
}

function told({ met_on: metOn, pending_credits: pending, notes, ways: found, measure }) {
  return [
    metOn ? el("p", { class: "verdict good" }, "Nothing is left to do: what counts already recertifies it on ", day(metOn), ".") : null,
    ...notes.map(({ rule, detail }) => el("p", { class: "hold" }, detail, " ", el("span", { class: "note" }, "Rule ", el("code", {}, rule)))),
    pending
      ? el("p", { class: "hold" }, `${number(pending, "credit")} more would count if your pending claims are earned. The plans do not rely on them.`)
      : null,
    found.length ? el("p", { class: "quiet" }, measure) : null,
    !found.length && !metOn ? el("p", {}, "No courses and exams recertify it by that day.") : null,
  ];
}

function shown(way, ties, opened) {
  const exams = Object.keys(way.exams).length ? parts(way.exams) : "";
  const todo = [...way.choose.map(chosen), exams, way.fee ? parts({ fee: 1 }) : ""].filter(Boolean).join(" + ");
  return el(
    "li",
    { class: "card way" },
    el("h2", {}, el("span", { class: way.rank === 1 ? "rank" : "rank other" }, way.rank === 1 ? "Best" : `Rank ${way.rank}`), " ", todo),
    ties ? el("p", { class: "note" }, `As good as ${number(ties, "other way")} here.`) : null,
    details([
      ...(parts(way.option) === todo ? [] : [["Option", parts(way.option)]]),
      ...(parts(way.needs) === parts(way.option) ? [] : [["Still needed", parts(way.needs)]]),
      ...(way.courses ? [["Courses", String(way.courses)], ["Credits", `${way.credits}, ${way.credits_to_spare} to spare`]] : []),
      ["From", day(way.from)],
      ["Through", day(way.through)],
      ["Recertified on", day(way.recertified_on)],
      ["New expiration", day(way.expires_on)],
    ]),
    ...way.choose.map((choice) => choose(choice, opened)),
  );
}

const chosen = ({ credits, number: wanted }) => `${number(wanted, "course")} of ${number(credits, "credit")}`;

function choose({ credits, number: wanted, of, courses }, opened) {
  const which = of === wanted ? (of === 1 ? "this course" : `these ${of} courses`) : `${wanted} of ${of} courses`;
  const first = courses.length < of ? `; the ${courses.length} available longest` : "";
  return el(
    "details",
    { open: opened },
    el("summary", {}, `Complete ${which} of ${number(credits, "credit")}${wanted > 1 ? " each" : ""}${first}`),
    el("ul", { class: "choices" }, ...courses.map(course)),
  );
}

function course({ course: id, title, version, available_until: until }) {
  const claim = new URLSearchParams({ course: id, version });
  return el(
    "li",
    {},
    el("a", { href: `/catalog.html?${new URLSearchParams({ q: id })}` }, title),
    el("span", { class: "quiet" }, ` ${id} ${version}`, ...(until ? [", available until ", day(until)] : [])),
    " ",
    el("a", { class: "claim", href: `/submit.html?${claim}` }, "Claim", el("span", { class: "hidden" }, ` ${title}`)),
  );
}

async function look(signal) {
  ways.replaceChildren();
  above.replaceChildren();
  await attempt(() => load(signal));
}

open(async () => {
  if (!(await offerCertifications(asked))) return;
  whenChanged(asked, look);
  await look();
});
