import { get } from "./app/api.js";
import { day, el, none, table } from "./app/elements.js";
import { open, say } from "./app/page.js";
import { about, navigation, partnerOf } from "./app/partner.js";
import { indicated, isWithoutPoints, nameOf, statusBadge } from "./app/specializations.js";
import { daysTo, inDays, number, words } from "./app/words.js";

/** Where there is nothing to judge. */
function points(line) {
  const { status, points: earned, required } = line;
  if (!status) return none();
  if (isWithoutPoints(line)) return el("span", { class: "quiet" }, "Held without points");
  return required === null ? number(earned, "point") : `${earned} of ${number(required, "point")}`;
}

/** What a renewal or reactivation would fail, where there can be one. */
function blocks(line) {
  const { status, blocked_by: ids } = line;
  return status && !isWithoutPoints(line) && ids.length ? ids.map((id) => el("div", {}, el("code", {}, id))) : none();
}

open(async (person) => {
  const chosen = await partnerOf(person);
  if (!chosen) return;
  const { name, as_of: today, specializations } = await get(`${chosen.path}/specializations`);
  document.querySelector("#title").textContent = name;
  navigation(person, chosen);
  const columns = [
    { label: "Specialization", cell: (line) => [link(line), el("span", { class: "note" }, words(line.type))] },
    { label: "Status", cell: statusBadge },
    { label: "Points", cell: (line) => (line.indicator ? indicated(line, line.window, today) : points(line)) },
    { label: "Anniversary", cell: ({ anniversary }) => (anniversary ? [day(anniversary), " ", el("span", { class: "quiet" }, inDays(daysTo(anniversary, today)))] : none()) },
    { label: "Fails today", cell: blocks },
  ];
  const link = (line) => el("a", { href: about("/specialization.html", chosen.partner, { specialization: line.specialization }) }, nameOf(line));
  document.querySelector("#specializations").replaceChildren(table({ caption: "Specializations", titled: true, columns, rows: specializations }));
  const held = specializations.filter(({ status }) => status === "approved" || status === "grace").length;
  say(`${number(held, "specialization")} held of ${specializations.length} on offer`);
});
