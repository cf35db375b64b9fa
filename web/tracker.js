import { get } from "./app/api.js";
import { offerCertifications } from "./app/certifications.js";
import { claimsOf } from "./app/claims.js";
import { badge, bar, day, details, el, none, rules, table } from "./app/elements.js";
import { attempt, open, remember, say, whenChanged } from "./app/page.js";
import { remaining } from "./app/remaining.js";
import { timeline } from "./app/timeline.js";
import { CERTIFICATION_STATUSES, inDays, number, part, parts, tone, words } from "./app/words.js";

const asked = document.querySelector("#asked");
const tracker = document.querySelector("#tracker");
const picture = document.querySelector("#timeline");
let drawn = null;

const COUNTED = [
  { label: "Course", cell: ({ title, course, version }) => [title, " ", el("span", { class: "quiet" }, `${course} ${version}`)] },
  { label: "Credits", number: true, cell: ({ credits }) => String(credits) },
  { label: "Completed", cell: ({ completed_on: on }) => day(on) },
];

const EXAMS = [
  { label: "Exam", cell: ({ exam }) => exam },
  { label: "Kind", cell: ({ kind }) => words(kind) },
  { label: "Passed", cell: ({ passed_on: on }) => day(on) },
];

const TIMES = [
  { label: "Day", cell: ({ on }) => day(on) },
  { label: "What", cell: ({ told }) => told },
];

async function load(signal) {
  const { certification, as_of: asOf } = remember(asked);
  const path = `/certifications/${encodeURIComponent(certification)}`;
  const [{ certifications }, progress, { recertifications }] = await Promise.all([
    get("/certifications", { as_of: asOf }, signal),
    get(`${path}/progress`, { as_of: asOf }, signal),
    get(`${path}/history`, {}, signal),
  ]);
  const claims = await claimsOf([...progress.counted, ...recertifications.flatMap(({ used }) => used)].map(({ claim_id: id }) => id));
  const line = certifications.find((one) => one.certification === certification);
  // What came later than the day looked at is no past of it.
  const history = recertifications.filter(({ date }) => date <= progress.as_of);
  show(line, progress, history, claims, asOf);
  return true;
}

function show(line, progress, history, claims, asOf) {
  const counted = progress.counted.map(({ claim_id: id }) => claims[id]);
  const filled = {
    summary: summary(line, progress),
    remaining: [
      ...remaining(progress.remaining),
      ...(progress.because.includes("no-gain") ? [el("p", {}, "It is recertified on the first day from which a new term would end later than the present one.")] : []),
    ],
    options: [options(progress.options)],
    counted: counted.length
      ? [table({ caption: "Credits that count", titled: true, columns: COUNTED, rows: counted })]
      : [el("p", {}, "No credits count now.")],
    exams: progress.exams.length ? [table({ caption: "Exams that count", titled: true, columns: EXAMS, rows: progress.exams })] : [],
    history: history.length
      ? history.toReversed().map((entry) => recertification(entry, line.certification, claims))
      : [el("p", {}, "It was not recertified yet.")],
  };
  for (const [id, content] of Object.entries(filled)) document.querySelector(`#${id}`).replaceChildren(...content);
  document.querySelector("#summary-title").textContent = line.name;
  const plans = new URLSearchParams({ certification: line.certification });
  document.querySelector("#to-plans").replaceChildren(el("a", { href: `/plans.html?${plans}` }, "Ways to recertify it"));
  drawn = times(line, progress, history, claims, asOf);
  document.querySelector("#timeline-words").replaceChildren(table({ caption: "Timeline", titled: true, columns: TIMES, rows: drawn.told }));
  tracker.hidden = false;
  draw();
  say(`${line.name} ${asOf ? `as of ${asOf}` : "today"}: ${number(progress.credits, "credit")} count`);
}

function summary(line, progress) {
  return [
    details([
      ["Status", badge(CERTIFICATION_STATUSES[line.status], tone(line.status))],
      ["Level", words(line.level)],
      ["Cycle began", day(line.last_extension)],
      ["Expires", day(line.expires_on), " ", el("span", { class: "quiet" }, inDays(line.days_to_expire))],
      ["Credits that count", el("strong", {}, String(progress.credits))],
    ]),
    rules(progress.because),
  ];
}

function options(offered) {
  if (offered.length === 0) return el("p", {}, "No option is open: what is completed from now on does not count for it.");
  return el("ul", { class: "options" }, ...offered.map(option));
}

function option({ needs, remaining: left }) {
  const met = Object.keys(left).length === 0;
  return el(
    "li",
    { class: "card" },
    el("p", { class: "title" }, parts(needs), " ", met ? badge("Met", "good") : null),
    ...Object.entries(needs).map(([name, need]) => toward(name, need, need - (left[name] ?? 0))),
  );
}

const toward = (name, need, have) => bar(`${have} of ${need} ${part(name, need)}`, have, need);

function recertification({ certification, date, option: met, used, exams, renewed }, track, claims) {
  const others = renewed.filter((other) => other !== track && other !== certification);
  const rows = used.map(({ claim_id: id, credits }) => ({ ...claims[id], credits }));
  return el(
    "article",
    { class: "card" },
    el("h3", {}, certification === track ? "Recertified" : `Renewed with ${certification}`, " ", day(date)),
    details([
      ["Option met", met ? parts(met) : "an award"],
      ["Exams used", exams.length ? exams.join(", ") : none()],
      ["Also renewed", others.length ? others.join(", ") : none()],
    ]),
    rows.length ? table({ caption: `Credits used on ${date}`, columns: COUNTED, rows }) : el("p", {}, "No credits were used."),
  );
}

/** What the picture shows, and the same as lines of text. */
function times(line, progress, history, claims, asOf) {
  const ids = new Set(progress.counted.map(({ claim_id: id }) => id));
  const used = new Set(history.flatMap((entry) => entry.used).map(({ claim_id: id }) => id));
  const completed = [...new Set([...used, ...ids])].map((id) => ({
    on: claims[id].completed_on,
    label: number(claims[id].credits, "credit"),
    kind: ids.has(id) ? "counts" : "used",
    told: `${claims[id].title}: ${number(claims[id].credits, "credit")}, ${ids.has(id) ? "which count" : "used"}`,
  }));
  const passed = progress.exams.map(({ exam, kind, passed_on: on }) => ({
    on,
    label: exam,
    kind: "counts",
    told: `Exam ${exam} passed (${words(kind).toLowerCase()}), which counts`,
  }));
  const moved = history.map(({ date, certification, exams }) => ({
    on: date,
    label: certification === line.certification ? "Recertified" : "Renewed",
    kind: "recertified",
    told: [
      certification === line.certification ? "Recertified" : `Renewed with ${certification}`,
      ...(exams.length ? [`exams used: ${exams.join(", ")}`] : []),
    ].join("; "),
  }));
  const days = [
    { on: line.last_extension, label: "Cycle began", kind: "edge" },
    { on: progress.as_of, label: asOf ? "As of" : "Today", kind: "now" },
    { on: line.expires_on, label: line.expires_on < progress.as_of ? "Expired" : "Expires", kind: "edge" },
  ].map((one) => ({ ...one, told: one.label }));
  const told = [...completed, ...passed, ...moved, ...days].sort((one, other) => (one.on < other.on ? -1 : 1));
  const starts = [...new Set([told[0].on, ...history.map(({ date }) => date)])].filter((on) => on < line.last_extension).sort();
  return {
    title: `Timeline of ${line.name}`,
    description: `From ${told[0].on} through ${told.at(-1).on}: ${number(completed.length, "completed course")}, ${number(passed.length, "exam")}, ${number(moved.length, "recertification")}. The cycle began on ${line.last_extension} and ends on ${line.expires_on}. The same is told in words below.`,
    cycles: [
      ...starts.map((from, at) => ({ from, until: starts[at + 1] ?? line.last_extension, present: false })),
      { from: line.last_extension, until: line.expires_on, present: true },
    ],
    done: [...completed, ...passed, ...moved],
    days,
    told,
  };
}

function draw() {
  if (drawn && picture.clientWidth) picture.replaceChildren(timeline(drawn, picture.clientWidth));
}

async function look(signal) {
  tracker.hidden = !(await attempt(() => load(signal)));
}

open(async () => {
  if (!(await offerCertifications(asked))) return;
  whenChanged(asked, look);
  new ResizeObserver(draw).observe(picture);
  await look();
});
