// Who is signed in: OpenID Connect's authorization code with a proof key (PKCE). Tokens live as long as the tab does.

const SESSION = "standing.session";
const SIGNING_IN = "standing.signing-in";
const RENEWED_BEFORE_SECONDS = 60;
const PROVIDER = "provider:";
const PARTNER = "partner-admin:";

let told;
let renewing;

/** What the stack says of itself: {api, authorize, token, logout, client_id, scopes}. */
export function config() {
  told ??= fetch("/config.json").then((answer) => answer.json());
  return told;
}

/** Who is signed in: {email, operator, providers: [ids], partners: [ids administered], accountManager}; null for nobody. */
export function who() {
  const kept = read(SESSION);
  if (!kept) return null;
  const { email, "cognito:groups": pool = [], groups = [] } = claimsOf(kept.token);
  const all = [pool, groups].flat();
  return {
    email,
    operator: all.includes("operator"),
    providers: named(all, PROVIDER),
    partners: named(all, PARTNER),
    accountManager: all.includes("account-manager"),
  };
}

const named = (groups, kind) => groups.filter((group) => group.startsWith(kind)).map((group) => group.slice(kind.length));

/** A token that is still good, renewed where that is possible; null when somebody has to sign in. */
export async function token() {
  const kept = read(SESSION);
  if (!kept) return null;
  if (kept.expires_at - RENEWED_BEFORE_SECONDS > now()) return kept.token;
  renewing ??= renew(kept).finally(() => (renewing = undefined));
  return renewing;
}

/** Leaves for the sign-in page, and comes back to this one. Never resolves: the page is going away. */
export async function signIn(back = location.pathname + location.search) {
  const { authorize, client_id, scopes } = await config();
  const verifier = random();
  const asked = { state: random(), nonce: random(), verifier, back };
  sessionStorage.removeItem(SESSION);
  sessionStorage.setItem(SIGNING_IN, JSON.stringify(asked));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  leaveFor(authorize, {
    response_type: "code",
    client_id,
    redirect_uri: callback(),
    scope: scopes,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  return new Promise(() => {});
}

/** What came back from the sign-in page becomes a session; gives the address of the page that was asked for. */
export async function completeSignIn(answer) {
  const asked = read(SIGNING_IN);
  sessionStorage.removeItem(SIGNING_IN);
  if (!asked || answer.get("state") !== asked.state) {
    throw new Error("This sign-in was not begun in this tab, or it was used before.");
  }
  if (answer.has("error")) throw new Error(answer.get("error_description") ?? answer.get("error"));
  const tokens = await ask({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: callback(),
    code_verifier: asked.verifier,
  });
  const { nonce, aud } = claimsOf(tokens.id_token);
  const { client_id } = await config();
  if (nonce !== asked.nonce || ![aud].flat().includes(client_id)) {
    throw new Error("The token that came back is not the one that was asked for.");
  }
  keep(tokens);
  const back = new URL(asked.back, location.origin);
  return back.origin === location.origin ? back.href : "/";
}

/** Forgets the session, here and at the sign-in page. */
export async function signOut() {
  const { logout, client_id } = await config();
  sessionStorage.clear();
  const home = `${location.origin}/signed-out.html`;
  if (!logout) location.assign(home);
  // The pool's name for the same thing, and OpenID Connect's.
  else leaveFor(logout, { client_id, logout_uri: home, post_logout_redirect_uri: home });
}

async function renew(kept) {
  if (kept.refresh) {
    try {
      keep(await ask({ grant_type: "refresh_token", refresh_token: kept.refresh }), kept.refresh);
      return read(SESSION).token;
    } catch {
      // Too old, or taken back: somebody has to sign in.
    }
  }
  sessionStorage.removeItem(SESSION);
  return null;
}

async function ask(grant) {
  const { token: endpoint, client_id } = await config();
  const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ ...grant, client_id }) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error_description ?? body.error ?? "The sign-in was refused.");
  return body;
}

function keep(tokens, refresh = null) {
  const { exp } = claimsOf(tokens.id_token);
  const kept = { token: tokens.id_token, expires_at: exp, refresh: tokens.refresh_token ?? refresh };
  sessionStorage.setItem(SESSION, JSON.stringify(kept));
}

/** What a token says. It came over TLS from its issuer; whether it is good is for the API to check. */
function claimsOf(jwt) {
  const bytes = atob(jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0))));
}

function read(name) {
  return JSON.parse(sessionStorage.getItem(name));
}

function leaveFor(address, query) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

function callback() {
  return `${location.origin}/signed-in.html`;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function now() {
  return Date.now() / 1000;
}
