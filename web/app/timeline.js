// A picture of a certification's time: its cycles as bands, what was completed above them, days that matter below.

import { svg } from "./elements.js";

const MARGIN = 16;
const LANE = 20;
const BAND = 14;
const STEM = 10;
// As wide as a digit of the picture's 12 px letters is at most: labels keep clear of each other.
const LETTER = 7.5;
const DAY_MILLISECONDS = 86_400_000;

/**
 * cycles: [{ from, until, present }]; done: [{ on, label, kind }] above, days: [{ on, label, kind }] below; all days ISO.
 * width: in px, which are the picture's units.
 */
export function timeline({ title, description, cycles, done, days }, width) {
  const all = [...cycles.flatMap(({ from, until }) => [from, until]), ...[...done, ...days].map(({ on }) => on)].map(count);
  const first = Math.min(...all);
  const span = Math.max(...all) - first || 1;
  const x = (on) => MARGIN + ((count(on) - first) / span) * (width - 2 * MARGIN);
  const above = inLanes(done, x, width, (point) => point.label.length);
  const below = inLanes(days, x, width, (point) => Math.max(point.label.length, point.on.length));
  const top = above.lanes * LANE + STEM;
  const bottom = top + BAND;
  const height = bottom + STEM + below.lanes * 2 * LANE + MARGIN;
  return svg(
    "svg",
    { class: "timeline", role: "img", width, height, viewBox: `0 0 ${width} ${height}`, "aria-labelledby": "picture-title", "aria-describedby": "picture-description" },
    svg("title", { id: "picture-title" }, title),
    svg("desc", { id: "picture-description" }, description),
    ...cycles.map(({ from, until, present }) =>
      svg("rect", { class: present ? "cycle" : "cycle earlier", x: x(from), y: top, width: Math.max(x(until) - x(from), 1), height: BAND, rx: 3 }),
    ),
    // Letters come last: a line behind them does not cross them out.
    ...above.points.map(({ at, lane }) => svg("line", { class: "stem", x1: at, y1: top - STEM - lane * LANE, x2: at, y2: top })),
    ...below.points.map(({ at, lane, kind }) => svg("line", { class: `stem ${kind}`, x1: at, y1: top - 3, x2: at, y2: bottom + STEM + lane * 2 * LANE })),
    ...above.points.flatMap((point) => doneMark(point, top)),
    ...below.points.flatMap((point) => dayMark(point, bottom)),
  );
}

const count = (iso) => Date.parse(iso) / DAY_MILLISECONDS;

/** Labels in the first lane that has room for them; middle: where a label stands, within the picture. */
function inLanes(points, x, width, letters) {
  const ends = [];
  const placed = [...points].sort((one, other) => (one.on < other.on ? -1 : 1)).map((point) => {
    const half = (letters(point) * LETTER) / 2 + 2;
    const middle = Math.min(Math.max(x(point.on), half), width - half);
    const free = ends.findIndex((end) => end < middle - half);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = middle + half + LETTER;
    return { ...point, at: x(point.on), middle, lane };
  });
  return { points: placed, lanes: ends.length };
}

function doneMark({ at, middle, lane, label, kind }, top) {
  const y = top - STEM - lane * LANE;
  return [
    kind === "recertified"
      ? svg("path", { class: kind, d: `M${at} ${top - 2}l${BAND / 2 + 2} ${BAND / 2 + 2}l-${BAND / 2 + 2} ${BAND / 2 + 2}l-${BAND / 2 + 2} -${BAND / 2 + 2}z` })
      : svg("circle", { class: kind, cx: at, cy: top + BAND / 2, r: BAND / 2 - 1 }),
    svg("text", { x: middle, y: y - 4 }, label),
  ];
}

function dayMark({ middle, lane, label, on, kind }, bottom) {
  const y = bottom + STEM + lane * 2 * LANE;
  return [svg("text", { x: middle, y: y + 14, class: kind }, label), svg("text", { x: middle, y: y + 29, class: "on" }, on)];
}
