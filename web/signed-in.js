import { problem } from "./app/page.js";
import { completeSignIn } from "./app/session.js";

const answer = new URLSearchParams(location.search);
// The code is good once and is nobody else's business: it leaves the address at once.
history.replaceState(null, "", location.pathname);
try {
  location.replace(await completeSignIn(answer));
} catch (error) {
  document.querySelector("#problem").replaceChildren(problem({ title: "You are not signed in", message: error.message }));
  document.querySelector("#again").hidden = false;
}
