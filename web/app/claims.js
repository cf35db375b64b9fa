// Claims by their id, where an answer names the id alone.

import { get } from "./api.js";

const LIMIT = 100;

/** {id: claim}: the account's own come in one answer, those of the holder's other accounts one by one. */
export async function claimsOf(ids) {
  const wanted = new Set(ids);
  if (wanted.size === 0) return {};
  const { items } = await get("/claims", { limit: LIMIT });
  const known = new Map(items.filter(({ claim_id: id }) => wanted.has(id)).map((claim) => [claim.claim_id, claim]));
  const missing = [...wanted].filter((id) => !known.has(id));
  const others = await Promise.all(missing.map((id) => get(`/claims/${encodeURIComponent(id)}`)));
  return Object.fromEntries([...known, ...others.map((claim) => [claim.claim_id, claim])]);
}
