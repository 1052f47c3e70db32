import { test } from "vitest";
import { createCgiEnvironmentBuilder } from "../../../src/watchdog/cgi-environment.ts";
import { PLAIN_HEAD } from "../../support/plain-head.ts";

const SOCKET = {
  localAddress: "::1",
  localPort: 80,
  remoteAddress: "::ffff:10.0.0.1",
  remotePort: 9,
};

function build(rawHeaders: readonly string[], head = {}, roomBytes = 1_000_000) {
  const builder = createCgiEnvironmentBuilder({ roomBytes, onHeaderDropped() {} });
  const request = { httpVersion: "1.1", headers: {}, socket: SOCKET };
  return builder({ method: "GET", rawHeaders, head: { ...PLAIN_HEAD, ...head }, request });
}

const readValue = (text: string | undefined, name: string) =>
  text
    ?.split("\0")
    .find((variable) => variable.startsWith(`${name}=`))
    ?.slice(name.length + 1);

test("each variable ends with a NUL, without headers too", ({ expect }) => {
  expect(build([])?.endsWith("\0HTTP_HOST=x\0")).toBe(true);
  expect(build(["X-A", "1", "X-B", "2"])?.endsWith("\0HTTP_X_A=1\0HTTP_X_B=2\0")).toBe(true);
});

test("the server's name keeps the brackets of an address, and loses its port", ({ expect }) => {
  const hosts = { "a.b:81": ["a.b", "81"], "[::1]:82": ["[::1]", "82"], "[::1]": ["[::1]", "80"] };
  for (const [host, [name, port]] of Object.entries(hosts)) {
    const text = build([], { host });
    expect([readValue(text, "SERVER_NAME"), readValue(text, "SERVER_PORT")]).toEqual([name, port]);
  }
  expect(readValue(build([], { host: "" }), "SERVER_NAME")).toBe("::1");
  expect(readValue(build([]), "REMOTE_ADDR")).toBe("10.0.0.1");
});

test("what is longer than the kernel takes is none, wherever it is long (T7)", ({ expect }) => {
  const long = "x".repeat(131_072);
  for (const head of [
    { path: long },
    { query: long },
    { host: long },
    { decodedPath: long, path: long },
  ]) {
    expect(build([], head)).toBeUndefined();
  }
  expect(build(["X-A", long])).toBeUndefined();
  expect(build(["X-A", "y".repeat(100)], {}, 300)).toBeUndefined();
});

test("a crowd of headers of one name is made in one go", ({ expect }) => {
  const crowd = Array.from({ length: 60_000 }, () => ["X-A", "1"]).flat();
  const started = performance.now();
  expect(build(crowd, {}, 10_000_000)).toBeUndefined();
  const few = crowd.slice(0, 80_000);
  expect(readValue(build(few, {}, 10_000_000), "HTTP_X_A")).toHaveLength(3 * 40_000 - 2);
  // It takes some 20 ms; were the list made anew for each, minutes.
  expect(performance.now() - started).toBeLessThan(10_000);
});
