import { describe, test } from "vitest";
import { isBad, toAnswerHead } from "../../../src/watchdog/answer-head.ts";
import { KnownHead } from "../../../src/watchdog/known-head.ts";

function headWith(name: string) {
  const head = toAnswerHead({ status: undefined, fields: [[name, "1"]] });
  if (isBad(head)) throw new Error(head.reason);
  return head;
}

describe("the head that is known", () => {
  test("is that of an output that begins with all of its bytes, and what is behind them is the body", ({
    expect,
  }) => {
    const known = new KnownHead();
    const bytes = Buffer.from("X-A: 1\n\n");
    const head = headWith("X-A");
    expect(known.find(bytes)).toBeUndefined();
    known.remember(bytes, head);
    expect(known.find(bytes)).toEqual({ head, body: Buffer.alloc(0) });
    expect(known.find(Buffer.from("X-A: 1\n\nbody"))).toEqual({ head, body: Buffer.from("body") });
    expect(known.find(Buffer.from("X-A: 1\n"))).toBeUndefined();
    expect(known.find(Buffer.from("X-A: 2\n\n"))).toBeUndefined();
  });

  test("is the last one, and keeps no more than 4 KiB of a buffer that goes on to be used", ({
    expect,
  }) => {
    const known = new KnownHead();
    const bytes = Buffer.from("X-A: 1\n\n");
    known.remember(bytes, headWith("X-A"));
    bytes.write("X-Z");
    expect(known.find(Buffer.from("X-A: 1\n\n"))?.head.headers).toEqual(["X-A", "1"]);
    known.remember(Buffer.from("X-B: 1\n\n"), headWith("X-B"));
    expect(known.find(Buffer.from("X-A: 1\n\n"))).toBeUndefined();
    const long = Buffer.from(`X-C: ${"1".repeat(4096)}\n\n`);
    known.remember(long, headWith("X-C"));
    expect(known.find(long)).toBeUndefined();
  });
});
