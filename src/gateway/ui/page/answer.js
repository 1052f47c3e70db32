import { byId, element } from "./element.js";

const SHOWN_CHARACTERS = 200_000;
const answer = byId("answer");
let download;

export function clearAnswer() {
  if (download !== undefined) URL.revokeObjectURL(download);
  download = undefined;
  answer.replaceChildren();
}

export function showProblem(text) {
  clearAnswer();
  answer.append(element("p", { class: "problem", role: "alert" }, text));
}

/** What came, in a function's own words. `bytes`: an `ArrayBuffer`. */
export function showAnswer(response, bytes, milliseconds, name) {
  clearAnswer();
  const type = response.headers.get("Content-Type") ?? "no type";
  const status = element(
    "strong",
    { id: "status", "data-ok": String(response.ok) },
    `${response.status} ${response.statusText}`.trim(),
  );
  const rest = ` · ${Math.round(milliseconds)} ms · ${toSize(bytes.byteLength)} · ${type}`;
  answer.append(element("p", { class: "outcome" }, status, rest));
  const callId = response.headers.get("X-Call-Id");
  if (callId !== null) answer.append(element("p", { class: "meta" }, `Call ${callId}`));
  if (bytes.byteLength === 0) return;
  const text = toText(bytes);
  if (text === undefined) answer.append(element("p", {}, "The answer is no text."));
  else showText(type.includes("json") ? indent(text) : text);
  answer.append(createLink(bytes, `${name}.${text === undefined ? "bin" : "txt"}`));
}

function showText(text) {
  // In reach of the keyboard, because it may have to be scrolled.
  const attributes = { id: "text", tabindex: "0", "aria-label": "Body of the answer" };
  answer.append(element("pre", attributes, text.slice(0, SHOWN_CHARACTERS)));
  if (text.length > SHOWN_CHARACTERS) {
    answer.append(element("p", {}, "This is the beginning; all of it can be downloaded."));
  }
}

/** `undefined`: it is not for reading. */
function toText(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function indent(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Of a type that no browser opens as a page: it would be one of ours. */
function createLink(bytes, name) {
  download = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  return element("a", { id: "download", href: download, download: name }, "Download");
}

const toSize = (bytes) => (bytes < 10_240 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`);
