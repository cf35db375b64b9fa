import { get, newKey, post, put } from "./app/api.js";
import { upload } from "./app/certificate.js";
import { combobox } from "./app/combobox.js";
import { badge, el, options } from "./app/elements.js";
import { attempt, open, problem, say } from "./app/page.js";
import { previewed } from "./app/preview.js";
import { CLAIM_STATUSES, number, tone, words } from "./app/words.js";

const TERMS_VERSION = "2026-01";
const CHOICES_MAX = 10;
const NEEDS_CERTIFICATE = "direct-delivery";
const enrollment = document.querySelector("#enrollment");
const item = document.querySelector("#item");
const preview = document.querySelector("#preview");
const submit = document.querySelector("#submit");
const file = document.querySelector("#certificate");
const fileState = document.querySelector("#certificate-state");
const names = new Map();
let course = null;
let certificate = null;
let attempted = null;
let asking = null;

const choose = combobox(document.querySelector("#course"), document.querySelector("#courses"), {
  find: (letters, signal) => attempt(() => find(letters, signal)),
  onchosen: chosen,
  missing: "Choose a course from the list.",
});

async function find(letters, signal) {
  const { items } = await get("/catalog", { q: letters, limit: CHOICES_MAX }, signal);
  say(`${number(items.length, "course")} found`);
  return items.flatMap(versionsOf);
}

/** What can be chosen of a course: its versions, the newest first. */
function versionsOf(known) {
  return known.versions.toReversed().map(({ version, credits, available_until: until }) => ({
    text: `${known.title} (${known.course}) ${version}`,
    hint: number(credits, "credit") + (until ? `, completed until ${until}` : ""),
    course: known.course,
    version,
    itemTypes: known.item_types,
  }));
}

function chosen(choice) {
  course = choice;
  offer(item.elements.item_type, Object.keys(choice?.itemTypes ?? {}), words);
  narrow();
}

/** The item type narrows the providers, and may need a certificate. */
function narrow() {
  const itemType = item.elements.item_type.value;
  offer(item.elements.provider, course?.itemTypes[itemType] ?? [], (id) => names.get(id) ?? id);
  document.querySelector("#certificate-need").textContent = itemType === NEEDS_CERTIFICATE ? "required for this item type" : "optional";
}

/** Fills a list; what was chosen stays where it is still offered, and what alone is offered is chosen. */
function offer(field, ids, name) {
  const before = field.value;
  const first = field.name === "item_type" ? "Choose a course first" : "Choose an item type first";
  field.replaceChildren(...options([["", ids.length ? "Choose" : first], ...ids.map((id) => [id, name(id)])]));
  field.value = ids.includes(before) ? before : ids.length === 1 ? ids[0] : "";
}

/** A file is uploaded when it is chosen, each under a key of its own. */
function choseFile() {
  const picked = file.files[0];
  fileState.textContent = picked ? `${picked.name} is on its way.` : "";
  certificate = picked ? sent(picked) : null;
}

async function sent(picked) {
  const place = await attempt(() => upload(picked), document.querySelector("#certificate-problem"));
  // Another file was chosen meanwhile.
  if (file.files[0] !== picked) return null;
  if (!place) file.value = "";
  fileState.textContent = place ? `${picked.name} is uploaded.` : "";
  return place?.certificate_key ?? null;
}

/** What stands in the form, as the API takes it. */
async function filled() {
  const key = await certificate;
  return { course: course.course, version: course.version, ...Object.fromEntries(new FormData(item)), ...(key ? { certificate_key: key } : {}) };
}

async function show() {
  const asked = (asking = {});
  const body = await filled();
  const answer = await post("/claims/preview", body);
  if (asking !== asked) return;
  // The same attempt until the form is changed: sent twice, it claims once.
  attempted = answer.accepted ? { body, key: newKey() } : null;
  preview.querySelector(".content").replaceChildren(...previewed(answer).filter(Boolean));
  submit.hidden = !answer.accepted;
  reveal(preview);
  say(answer.accepted ? "The preview is below. Nothing is submitted yet." : "The preview is below.");
}

async function claim() {
  submit.disabled = true;
  const claimed = await attempt(() => post("/claims", attempted.body, attempted.key), document.querySelector("#submit-problem"));
  submit.disabled = false;
  if (!claimed) return;
  item.hidden = preview.hidden = true;
  const place = document.querySelector("#claimed");
  place.querySelector(".content").replaceChildren(...told(claimed));
  reveal(place);
  say(`Claim ${claimed.claim_id} is submitted.`);
}

function told(claimed) {
  const provider = names.get(claimed.provider) ?? claimed.provider;
  const next = {
    pending: `${provider} is to confirm that you completed it; then the credits are earned.`,
    earned: `${provider} had already reported it, so the credits are earned.`,
    denied: `It is denied: ${words(claimed.reason ?? "").toLowerCase()}.`,
  };
  return [
    el("p", {}, el("strong", {}, `${claimed.title} ${claimed.version}`), `, ${number(claimed.credits, "credit")} `, badge(CLAIM_STATUSES[claimed.status], tone(claimed.status))),
    el("p", {}, next[claimed.status] ?? ""),
    el("p", { class: "quiet" }, "Claim ", el("code", {}, claimed.claim_id)),
  ];
}

/** Shows a section and goes there, for eyes, keyboard and ears. */
function reveal(section) {
  section.hidden = false;
  section.querySelector("h2").focus();
}

function changed() {
  asking = attempted = null;
  preview.hidden = true;
}

/** Whether a holder may claim at all is decided before anything about a course, so a claim without one tells. */
async function begin() {
  const nothing = { course: "-", version: "-", item_type: "-", provider: "-", started_on: "2020-01-01", completed_on: "2020-01-01" };
  const { refusal } = await post("/claims/preview", nothing);
  const termsMissing = refusal.rule === "terms-required";
  enrollment.hidden = !termsMissing;
  item.hidden = termsMissing;
  if (refusal.rule === "no-eligible-certification") {
    document.querySelector("#notice").replaceChildren(problem({ title: "You cannot claim now", message: refusal.detail, rule: refusal.rule }));
  }
  say(termsMissing ? "Accept the terms to go on." : "You see what an item would do before you submit it.");
}

async function accept() {
  await put("/enrollment", { terms_version: TERMS_VERSION });
  await begin();
  document.querySelector("#course").focus();
}

/** A course that another page linked to, in the version it named or else the newest. */
async function preselect() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("course")) return;
  const versions = versionsOf(await get(`/catalog/${encodeURIComponent(asked.get("course"))}`));
  choose(versions.find(({ version }) => version === asked.get("version")) ?? versions[0]);
}

function onsubmit(form, run, place) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(run, place);
  });
}

open(async () => {
  onsubmit(document.querySelector("#terms"), accept);
  onsubmit(item, show, document.querySelector("#item-problem"));
  item.addEventListener("input", changed);
  item.elements.item_type.addEventListener("change", narrow);
  file.addEventListener("change", choseFile);
  submit.addEventListener("click", claim);
  for (const { provider, name } of (await get("/catalog-filters")).providers) names.set(provider, name);
  chosen(null);
  await begin();
  await preselect();
});
