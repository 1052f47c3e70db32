// What the page asks the gateway. Relative to the page, so that a proxy may have both below a path of its own.

const root = new URL("../", document.baseURI);

/** The functions of all namespaces, by name. `address`: as it stands behind `/function/`. */
export async function listFunctions() {
  const [own, namespaces] = await Promise.all([
    read("system/functions"),
    read("system/namespaces"),
  ]);
  const others = namespaces.filter((namespace) => namespace !== own[0]?.namespace);
  const lists = await Promise.all(
    others.map((namespace) => read(`system/functions?namespace=${encodeURIComponent(namespace)}`)),
  );
  return [
    ...own.map((found) => ({ ...found, address: found.name })),
    ...lists.flat().map((found) => ({ ...found, address: `${found.name}.${found.namespace}` })),
  ].sort((one, other) => (one.address < other.address ? -1 : 1));
}

export const urlOf = ({ address }) => new URL(`function/${encodeURIComponent(address)}`, root);

/** A function is given nothing of what lets the reader manage functions. */
export function invoke(target, { body, type, signal }) {
  return fetch(urlOf(target), {
    method: "POST",
    body,
    headers: { "Content-Type": type },
    credentials: "omit",
    redirect: "manual",
    cache: "no-store",
    signal,
  });
}

async function read(path) {
  const response = await fetch(new URL(path, root), { cache: "no-store" });
  if (response.ok) return await response.json();
  throw new Error(`it answers ${response.status}: ${(await response.text()).trim()}`);
}
