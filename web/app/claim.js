// A claim in full: what is known of it, its certificate of completion, and what an operator decides about it.

import { post } from "./api.js";
import { downloadButton } from "./certificate.js";
import { badge, day, el, details, options } from "./elements.js";
import { whenSent } from "./page.js";
import { CLAIM_STATUSES, DENIAL_REASONS, tone, words } from "./words.js";

/** A claim's status, and what else is to be said of it: that it is overdue, or why it was denied or has expired. */
export function claimStatus(claim) {
  const also = claim.status === "pending" ? (claim.overdue ? "Overdue" : null) : claim.reason && words(claim.reason);
  return [badge(CLAIM_STATUSES[claim.status], tone(claim.status)), also ? el("span", { class: "note" }, also) : null];
}

/** All that is known of a claim; for operators with its holder, whose audit is a link away. */
export function claimFacts(claim, holder = null) {
  return details([
    ["Holder", holder && auditLink(holder)],
    ["Claim", el("code", {}, claim.claim_id)],
    ["Course", `${claim.course} ${claim.version}`],
    ["Item type", words(claim.item_type)],
    ["Provider", claim.provider],
    ["Credits", String(claim.credits)],
    ["Status", el("span", {}, ...claimStatus(claim).filter(Boolean))],
    ["Course dates", el("span", {}, day(claim.started_on), " to ", day(claim.completed_on))],
    ["Submitted", day(claim.submitted_on)],
    ["Decided", claim.decided_on && day(claim.decided_on)],
    ["Certificate of completion", downloadButton(`/claims/${claim.claim_id}/certificate`)],
  ]);
}

/** The audit of a holder, as a link that is the holder's id. */
export const auditLink = (holder) => el("a", { href: `/audit.html?holder=${encodeURIComponent(holder)}` }, holder);

/** A form with which an operator decides a claim: decided() runs after. Null where nothing is left to decide. */
export function decisionForm(claim, decided) {
  if (!["pending", "denied"].includes(claim.status)) return null;
  const disputed = claim.status === "denied";
  const denials = disputed ? [] : DENIAL_REASONS.map((reason) => [`denied ${reason}`, `Denied: ${words(reason).toLowerCase()}`]);
  const choices = [["", "Choose"], ["earned", disputed ? "Earned: the dispute is upheld" : "Earned"], ...denials];
  const form = el(
    "form",
    { class: "fields" },
    el("label", {}, "Decision ", el("select", { name: "decision", required: true }, ...options(choices))),
    el("p", {}, el("button", {}, "Decide")),
    el("div", { class: "refused wide" }),
  );
  whenSent(form, async () => {
    const [outcome, reason] = form.elements.decision.value.split(" ");
    await post(`/admin/claims/${claim.claim_id}/decision`, reason ? { outcome, reason } : { outcome });
    await decided();
  });
  return form;
}
