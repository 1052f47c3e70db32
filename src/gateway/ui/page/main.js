import { byId, setText } from "./element.js";
import { showDetail } from "./function-detail.js";
import { countOf, showList } from "./function-list.js";
import { listFunctions } from "./gateway.js";
import { forgetInvocation, startInvocations } from "./invocation.js";

const REFRESH_MS = 1_000;
const state = byId("state");
let functions = [];
/** The address of a function is in that of the page, so that a link leads to it. */
let picked = readPicked();
let timer;

const pickedFunction = () => functions.find(({ address }) => address === picked);

function show() {
  showList(functions, picked, pick);
  showDetail(pickedFunction());
}

function pick(address) {
  if (address === picked) return;
  picked = address;
  history.replaceState(null, "", `#${encodeURIComponent(address)}`);
  forgetInvocation();
  show();
}

function readPicked() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

async function refresh() {
  clearTimeout(timer);
  try {
    functions = await listFunctions();
    setText(state, countOf(functions.length, "function"));
    state.dataset.problem = "false";
    show();
  } catch (error) {
    setText(state, `The gateway cannot be asked: ${error.message}. Trying again.`);
    state.dataset.problem = "true";
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, REFRESH_MS);
}

byId("filter").addEventListener("input", show);
document.addEventListener("visibilitychange", () => void refresh());
addEventListener("hashchange", () => pick(readPicked()));
startInvocations(pickedFunction, refresh);
void refresh();
