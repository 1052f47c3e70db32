import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, test } from "vitest";
import { createEnvironmentBuilder } from "../../../src/watchdog/environment.ts";
import { PLAIN_HEAD } from "../../support/plain-head.ts";

function build(rawHeaders: readonly string[], differences = {}, head = {}) {
  const dropped: string[] = [];
  const builder = createEnvironmentBuilder({
    cgiHeaders: true,
    isClassic: true,
    roomBytes: 1_000_000,
    onHeaderDropped: (reason) => dropped.push(reason),
    ...differences,
  });
  const request = { method: "GET", rawHeaders, head: { ...PLAIN_HEAD, ...head } };
  // Twice: what a builder remembers of one request must not show in the next.
  builder(request);
  dropped.length = 0;
  return { text: builder(request), dropped };
}

const variables = (...args: Parameters<typeof build>) =>
  build(...args)
    .text?.split("\0")
    .slice(0, -1);

describe("the variables of a request", () => {
  test("end with a NUL each, and begin with what is no header", ({ expect }) => {
    expect(build(["X-A", "1"], {}, { query: "q" }).text).toBe(
      "Http_Method=GET\0Http_ContentLength=0\0Http_Content_Length=0\0Http_Host=x\0Http_Query=q\0Http_Path=/\0Http_X_A=1\0",
    );
  });

  test("of of-watchdog have no host and no length but that of a header", ({ expect }) => {
    expect(variables(["Host", "x", "Content-Length", "0"], { isClassic: false })).toEqual([
      "Http_Method=GET",
      "Http_Path=/",
      "Http_Content_Length=0",
    ]);
  });

  test("have none for host, coding and trailer, which are no headers to Go", ({ expect }) => {
    const all = variables(
      ["Host", "y", "Transfer-Encoding", "chunked", "Trailer", "z"],
      {},
      {
        bodyLength: -1,
      },
    );
    expect(all).toContain("Http_Transfer_Encoding=chunked");
    expect(all?.filter((text) => /Trailer|=y/.test(text))).toEqual([]);
  });

  test("that two names give belong to the one with hyphens, whichever comes first (T4)", ({
    expect,
  }) => {
    for (const headers of [
      ["A-B", "hyphen", "A_B", "underscore"],
      ["A_b", "other", "A_B", "underscore", "X", "long value", "a-b", "hyphen", "A-B", "later"],
    ]) {
      const all = variables(headers);
      expect(all).toContain("Http_A_B=hyphen");
      expect(all?.filter((text) => text.startsWith("Http_A_B="))).toHaveLength(1);
    }
  });

  test("are counted where they are dropped", ({ expect }) => {
    const { dropped } = build(["proxy", "a", "PATH", "b", "Query", "c", "Method", "d"]);
    expect(dropped).toEqual(["proxy", "reserved", "reserved", "reserved"]);
  });

  test("are too many where one is longer than the kernel takes", ({ expect }) => {
    const value = (length: number) => "v".repeat(length - "Http_X=".length - 1);
    expect(build(["X", value(131_072)]).text).toBeDefined();
    expect(build(["X", value(131_073)]).text).toBeUndefined();
    expect(build([], {}, { query: "q".repeat(131_072) }).text).toBeUndefined();
    expect(build([], {}, { decodedPath: "/".repeat(131_072) }).text).toBeUndefined();
  });

  test("are too many where all together are more than there is room for", ({ expect }) => {
    const headers = Array.from({ length: 20 }, (_, n) => [`X-${n}`, "v".repeat(50)]).flat();
    expect(build(headers, { roomBytes: 2_000 }).text).toBeDefined();
    expect(build(headers, { roomBytes: 1_500 }).text).toBeUndefined();
  });

  test("that give way to others need no room", ({ expect }) => {
    const headers = Array.from({ length: 20 }, (_, n) => [`a_${n}`, "v".repeat(50)]).flat();
    const over = headers.map((text) => text.replace("_", "-"));
    expect(variables([...headers, ...over], { roomBytes: 2_000 })).toContain(
      `Http_A_19=${"v".repeat(50)}`,
    );
    expect(build(headers, { roomBytes: 2_000 }).text).toBeDefined();
    expect(build([...headers, "X", "v".repeat(1_000)], { roomBytes: 2_000 }).text).toBeUndefined();
  });

  test("are not made of a crowd that there is no room for", ({ expect }) => {
    const crowd = Array.from({ length: 50_000 }, (_, n) => [`x${n}`, "1"]).flat();
    let read = 0;
    const counted = new Proxy(crowd, {
      get(target, key, receiver) {
        read++;
        return Reflect.get(target, key, receiver);
      },
    });
    expect(build(counted, { roomBytes: 10_000 }).text).toBeUndefined();
    expect(read).toBeLessThan(10_000);
  });

  test("stay right however many names have been seen", ({ expect }) => {
    const builder = createEnvironmentBuilder({
      cgiHeaders: true,
      isClassic: false,
      roomBytes: 1_000_000,
      onHeaderDropped() {},
    });
    for (let n = 0; n < 5_000; n++) {
      const rawHeaders = [`X-${n}`, "a", "X-Same", "b", `X-${n}`, "c"];
      expect(builder({ method: "GET", rawHeaders, head: PLAIN_HEAD })).toBe(
        `Http_Method=GET\0Http_Path=/\0Http_X_${n}=a\0Http_X_Same=b\0`,
      );
    }
  });

  test("stay one for each name when a request has more names than are remembered", ({ expect }) => {
    const fillers = Array.from({ length: 1_100 }, (_, n) => [`X-Filler-${n}`, "f"]).flat();
    const headers = ["X-A", "1", "B_1", "1", ...fillers, "X-A", "2", "B-1", "2"];
    const all = variables(headers, { roomBytes: 1_000_000 });
    expect(all?.filter((text) => /^Http_(X_A|B_1)=/.test(text))).toEqual([
      "Http_X_A=1",
      "Http_B_1=2",
    ]);
  });

  test("are made in one go where each of many names takes over from another", ({ expect }) => {
    const headers = Array.from({ length: 30_000 }, (_, n) => [`a_${n}`, "1", `a-${n}`, "2"]).flat();
    const all = variables(headers, { roomBytes: 10_000_000 });
    expect(all?.filter((text) => text.endsWith("=2"))).toHaveLength(30_000);
    expect(all?.filter((text) => text.endsWith("=1"))).toHaveLength(0);
  });

  test("leave no long name behind in memory", ({ expect }) => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const builder = createEnvironmentBuilder({
      cgiHeaders: true,
      isClassic: true,
      roomBytes: 1_000_000,
      onHeaderDropped() {},
    });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 500; n++) {
      for (const length of [100_000, 1_000_000]) {
        builder({
          method: "GET",
          rawHeaders: [`X-${n}-${"x".repeat(length)}`, "1"],
          head: PLAIN_HEAD,
        });
      }
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  });
});
