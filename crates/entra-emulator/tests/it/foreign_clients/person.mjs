// A person at a browser: opens an address, picks an account, agrees, and stops where the application is called.

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#x2f": "/" };
const decoded = (text) => text.replace(/&([^;]+);/g, (_, name) => ENTITIES[name]);
const attribute = (tag, name) => decoded(tag?.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "");

/** The form with this id: where it goes, and its hidden fields. */
function form(page, id) {
  const [whole, tag] = page.match(new RegExp(`(<form id="${id}"[^>]*>)[\\s\\S]*?</form>`));
  const hidden = whole.match(/<input type="hidden"[^>]*>/g) ?? [];
  const fields = Object.fromEntries(hidden.map((input) => [attribute(input, "name"), attribute(input, "value")]));
  return { action: attribute(tag, "action"), fields };
}

/** The parameters with which the application is called after `account` signed in. */
export async function signIn(url, account, redirectUri) {
  const answers = { accounts: { account }, consent: { decision: "accept" } };
  const called = await walk(url, answers, (target) => target.href.startsWith(redirectUri));
  return Object.fromEntries(called.searchParams);
}

/** Types a device's code and signs in as `account`. */
export async function enterCode(url, code, account) {
  const answers = { device: { user_code: code }, accounts: { account }, consent: { decision: "accept" } };
  await walk(url, { ...answers, "device-done": null }, () => false);
}

/** Answers one page after the other, until a redirect is the end or a page needs no answer. */
async function walk(url, answers, isEnd) {
  const cookies = new Map();
  const open = async (target, body) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const method = body ? "POST" : "GET";
    const response = await fetch(target, { method, body, headers: { cookie }, redirect: "manual" });
    for (const header of response.headers.getSetCookie()) {
      const [name, ...value] = header.split(";")[0].split("=");
      cookies.set(name, value.join("="));
    }
    return response;
  };
  let response = await open(url);
  for (let pages = 0; pages < 8; pages += 1) {
    const location = response.headers.get("location");
    if (location) {
      const target = new URL(location, response.url);
      if (isEnd(target)) return target;
      response = await open(target);
      continue;
    }
    const page = await response.text();
    const kind = attribute(page.match(/<body[^>]*>/)?.[0], "data-emulator-page");
    if (!(kind in answers)) throw new Error(`no answer to the page ${kind}: ${page}`);
    if (!answers[kind]) return new URL(response.url);
    const { action, fields } = form(page, kind);
    response = await open(new URL(action, response.url), new URLSearchParams({ ...fields, ...answers[kind] }));
  }
  throw new Error("too many pages");
}
