import { byId, element, setText } from "./element.js";

const list = byId("functions");
const filter = byId("filter");
const empty = byId("empty");
/** What is shown of a function, by its address: it stays the same element, and keeps the focus. */
const items = new Map();

/** Shows functions, which are sorted, and which of them is picked. */
export function showList(functions, picked, onPick) {
  const text = filter.value.trim().toLowerCase();
  const shown = functions.filter(({ address }) => address.toLowerCase().includes(text));
  const addresses = new Set(shown.map(({ address }) => address));
  for (const [address, item] of items) {
    if (addresses.has(address)) continue;
    item.line.remove();
    items.delete(address);
  }
  shown.forEach((found, index) => {
    const item = items.get(found.address) ?? createItem(found.address, onPick);
    fill(item, found, found.address === picked);
    if (list.children[index] !== item.line) list.insertBefore(item.line, list.children[index]);
  });
  empty.hidden = shown.length > 0;
  setText(empty, functions.length === 0 ? "There are no functions yet." : "None has such a name.");
}

/** "asleep" has the next request wake it. */
export function stateOf({ replicas = 0, availableReplicas = 0 }) {
  if (availableReplicas > 0) return "ready";
  return replicas === 0 ? "asleep" : "starting";
}

export function countOf(count, singular) {
  return `${count} ${count === 1 ? singular : `${singular}s`}`;
}

function createItem(address, onPick) {
  const name = element("strong", {}, address);
  const description = element("span", { class: "description" });
  const meta = element("span", { class: "meta" });
  const button = element("button", { type: "button" }, name, description, meta);
  button.addEventListener("click", () => onPick(address));
  const item = { line: element("li", {}, button), button, description, meta };
  items.set(address, item);
  return item;
}

function fill({ button, description, meta }, found, isPicked) {
  const { replicas = 0, availableReplicas = 0, invocationCount = 0, annotations = {} } = found;
  setText(description, annotations["breeze.description"] ?? "");
  const count = `${availableReplicas}/${countOf(replicas, "replica")}`;
  setText(meta, `${stateOf(found)} · ${count} · ${countOf(invocationCount, "invocation")}`);
  button.dataset.state = stateOf(found);
  button.setAttribute("aria-current", String(isPicked));
}
