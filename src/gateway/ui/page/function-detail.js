import { byId, element, setText } from "./element.js";
import { stateOf } from "./function-list.js";
import { urlOf } from "./gateway.js";

/** Shows one function, or that none is picked. */
export function showDetail(found) {
  byId("function").hidden = found === undefined;
  byId("nothing").hidden = found !== undefined;
  if (found === undefined) return;
  setText(byId("name"), found.address);
  setText(byId("description"), found.annotations?.["breeze.description"] ?? "");
  showRows(toRows(found));
}

function toRows(found) {
  const { replicas = 0, availableReplicas = 0, invocationCount = 0 } = found;
  return [
    ["Image", [found.image]],
    ["Process", [found.envProcess ?? "as the image says"]],
    ["State", [STATES[stateOf(found)]]],
    ["Replicas", [`${availableReplicas} of ${replicas}`]],
    ["Invocations", [String(invocationCount)]],
    ["URL", [String(urlOf(found))]],
    ["Namespace", [found.namespace]],
    ["Deployed", [found.createdAt ?? ""]],
    ["Environment", toLines(found.envVars)],
    ["Secrets", found.secrets ?? []],
    ["Labels", toLines(found.labels)],
    ["Annotations", toLines(found.annotations)],
  ].filter(([, lines]) => lines.length > 0);
}

const STATES = {
  ready: "ready",
  starting: "starting, or its log says why not",
  asleep: "asleep: the next request wakes it",
};

const toLines = (record = {}) => Object.entries(record).map(([name, value]) => `${name}=${value}`);

/** Refreshed each second: only what is another one is made anew. */
function showRows(rows) {
  const details = byId("details");
  const wanted = JSON.stringify(rows);
  if (details.dataset.shown === wanted) return;
  details.dataset.shown = wanted;
  details.replaceChildren(
    ...rows.flatMap(([title, lines]) => [
      element("dt", {}, title),
      ...lines.map((line) => element("dd", {}, line)),
    ]),
  );
}
