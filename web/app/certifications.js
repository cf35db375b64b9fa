// The field by which a page asks for one of the certifications.

import { get } from "./api.js";
import { options } from "./elements.js";
import { recall, say } from "./page.js";

/** Fills a form's `certification`, and the form as the address has it; false where there is none to choose. */
export async function offerCertifications(form) {
  const { certifications } = await get("/certifications");
  const field = form.elements.certification;
  field.append(...options(certifications.map(({ certification, name }) => [certification, name])));
  recall(form);
  if (!field.value) field.selectedIndex = 0;
  form.hidden = certifications.length === 0;
  if (form.hidden) say("You have no certification yet.");
  return !form.hidden;
}
