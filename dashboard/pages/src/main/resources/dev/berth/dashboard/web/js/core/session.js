// Who is looking. A login link carries its code in the fragment, which never reaches a log; the
// code is taken out of the address before anything else happens, so that no history keeps it.
import { rememberedSession, send, useSession } from "./api.js";

const CODE = /^#login=([A-Za-z0-9_.~-]{8,200})$/;

/** The code of a login link, or an empty string. */
export const codeIn = (fragment) => (CODE.exec(fragment) || ["", ""])[1];

/** The code of the address, taken out of it, or an empty string. */
export function takeCode(location, history) {
  const code = codeIn(location.hash);
  if (code) history.replaceState(null, "", location.pathname + "#/");
  return code;
}

function begun(session) {
  useSession(session);
  return session;
}

export const logIn = async (proof) => begun(await send("POST", "/ui/api/login", proof, undefined, { ends: false }));

/** The session of this browser, or null where there is none. */
export const openSession = async () => {
  const session = await rememberedSession();
  return session && begun(session);
};

export async function logOut() {
  await send("POST", "/ui/api/logout").finally(() => useSession(null));
}
