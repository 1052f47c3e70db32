import { clearAnswer, showAnswer, showProblem } from "./answer.js";
import { byId } from "./element.js";
import { invoke } from "./gateway.js";

const form = byId("invocation");
const body = byId("body");
let running;

/** Has the form invoke the function that `pickedFunction` says. */
export function startInvocations(pickedFunction, onEnded) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const target = pickedFunction();
    if (target !== undefined && running === undefined) void run(target).then(onEnded);
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  byId("cancel").addEventListener("click", () => running?.abort());
}

/** Another function is picked: the answer of this one would be mistaken for its. */
export function forgetInvocation() {
  running?.abort();
  running = undefined;
  showRunning(false);
  clearAnswer();
}

async function run(target) {
  const type = new FormData(form).get("type");
  const problem = type === "application/json" ? findJsonProblem(body.value) : undefined;
  if (problem !== undefined) {
    showProblem(`The body is no JSON: ${problem}`);
    return;
  }
  const mine = new AbortController();
  running = mine;
  clearAnswer();
  showRunning(true);
  const show = await ask(target, { body: body.value, type, signal: mine.signal });
  if (running !== mine) return;
  running = undefined;
  showRunning(false);
  show();
}

/** Gives what is to be shown of it. */
async function ask(target, request) {
  const start = performance.now();
  try {
    const response = await invoke(target, request);
    if (response.type === "opaqueredirect") {
      return () => showProblem("The function answers with a redirect, which is not followed here.");
    }
    const bytes = await response.arrayBuffer();
    const milliseconds = performance.now() - start;
    return () => showAnswer(response, bytes, milliseconds, target.address);
  } catch (error) {
    const reason = request.signal.aborted ? "Cancelled." : `No answer came: ${error.message}`;
    return () => showProblem(reason);
  }
}

function findJsonProblem(text) {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

function showRunning(isRunning) {
  byId("invoke").disabled = isRunning;
  byId("cancel").hidden = !isRunning;
}
