import type { ClientManner, Fate, Kind, LeavingPhase, Mode } from "./kind.ts";

const small = 11;
const overInline = 100_000;
const spooled = 1_500_000;

/** The mixture. Its weights add up to 1000. */
export function listKinds(mode: Mode): readonly Kind[] {
  return [
    ...wellBehaved,
    ...ignoring.map((kind) => ({ ...kind, mayEndConnection: mode === "streaming" })),
    ...failing,
    ...overdue,
    ...leftBehind,
    ...refused(mode),
    ...leaving,
  ];
}

const wellBehaved: readonly Kind[] = [
  kind(457, "waits", "echoes", small, { is: "answered", body: "echo" }),
  kind(30, "waits", "echoes", overInline, { is: "answered", body: "echo" }),
  kind(5, "waits", "echoes", spooled, { is: "answered", body: "echo" }),
  kind(30, "sends chunked", "echoes", overInline, { is: "answered", body: "echo" }),
  kind(15, "sends slowly", "echoes", overInline, { is: "answered", body: "echo" }),
  kind(30, "half-closes", "echoes", small, { is: "answered", body: "echo" }),
  kind(20, "waits", "writes-slowly", small, { is: "answered", body: "one\ntwo\n" }),
  kind(30, "waits", "ignores-input", 60_000, { is: "answered", body: "ignored\n" }),
  kind(15, "waits", "floods-stdout", small, { is: "answered", body: "\0".repeat(1_000_000) }),
  kind(10, "reads slowly", "floods-stdout", small, {
    is: "answered",
    body: "\0".repeat(1_000_000),
  }),
];

/** The streaming mode's answer begins before it is known how much of the body nobody will read. */
const ignoring: readonly Kind[] = [
  kind(15, "waits", "ignores-input", 300_000, { is: "answered", body: "ignored\n" }),
  kind(10, "waits", "closes-stdin", 300_000, { is: "answered", body: "closed\n" }),
];

const failing: readonly Kind[] = [
  kind(80, "waits", "exits-3", small, { is: "exited", code: 3, output: "" }),
  kind(20, "waits", "echoes-and-exits-3", small, { is: "exited", code: 3, output: "echo" }),
  kind(30, "waits", "dies-of-segv", small, { is: "signaled", signal: "segmentation fault" }),
  kind(20, "waits", "kills-itself", 60_000, { is: "signaled", signal: "killed" }),
];

const overdue: readonly Kind[] = [
  kind(2, "waits", "sleeps", small, { is: "timed out", output: "" }),
  kind(1, "waits", "ignores-sigterm", small, { is: "timed out", output: "" }),
  kind(1, "waits", "leaves-a-child-holding-stdout", small, { is: "timed out", output: "left\n" }),
  kind(1, "waits", "escapes-holding-stdout", small, { is: "timed out", output: "escaped\n" }),
];

const leftBehind: readonly Kind[] = [
  kind(20, "waits", "leaves-a-child", small, { is: "answered", body: "left\n" }),
  kind(20, "waits", "leaves-an-orphan", small, { is: "answered", body: "left\n" }),
  kind(10, "waits", "escapes", small, { is: "answered", body: "escaped\n" }),
  kind(3, "waits", "escapes-without-environment", small, { is: "answered", body: "escaped\n" }),
];

function refused(mode: Mode): readonly Kind[] {
  const tooBig = { "X-Big": "b".repeat(140_000) };
  const bigHeader = kind(10, "waits", "echoes", small, { is: "refused", status: 431 });
  const method = kind(
    15,
    "waits",
    "echoes",
    small,
    mode === "classic" ? { is: "refused", status: 405 } : { is: "answered", body: "echo" },
  );
  return [
    { ...bigHeader, name: "waits, header too big for the environment", headers: tooBig },
    { ...method, name: "waits, OPTIONS", method: "OPTIONS" },
  ];
}

const leaving: readonly Kind[] = [
  ...leave("leaves when connected", 10, "echoes", small),
  ...leave("leaves in the head", 10, "echoes", small),
  ...leave("leaves before the body", 10, "echoes", overInline),
  ...leave("leaves in the body", 15, "echoes", overInline),
  ...leave("leaves behind the request", 20, "echoes", small),
  ...leave("leaves while the function works", 10, "sleeps", small),
  ...leave("leaves while the function works", 5, "ignores-sigterm", small),
  ...leave("leaves while the function works", 5, "escapes-holding-stdout", small),
  ...leave("leaves in the answer", 15, "floods-stdout", small),
];

function leave(phase: LeavingPhase, weight: number, does: string, bodyBytes: number): Kind[] {
  return [kind(weight, phase, does, bodyBytes, { is: "abandoned" })];
}

function kind(
  weight: number,
  client: ClientManner,
  does: string,
  bodyBytes: number,
  fate: Fate,
): Kind {
  const name = `${client}, ${does}, ${bodyBytes} bytes`;
  return { name, weight, client, does, bodyBytes, fate };
}
