import { describe, test } from "vitest";
import { parsePort } from "../../../../src/provider/local/replica-process.ts";

describe("the port of a replica", () => {
  test("is in the watchdog's own line, in either format", ({ expect }) => {
    expect(parsePort("2026/11/21 18:56:09 Listening on port: 46229")).toBe(46229);
    const started =
      '{"level":"info","mode":"classic","port":46229,"lock":"/tmp/.lock","msg":"started"}';
    expect(parsePort(started)).toBe(46229);
  });

  for (const line of [
    "Listening on port: 3000",
    "2026/11/21 18:56:09 stderr: Listening on port: 3000",
    "2026/11/21 18:56:09 Metrics listening on port: 3000",
    '{"level":"info","stream":"stderr","text":"{\\"msg\\":\\"started\\",\\"port\\":3000}"}',
    '{"level":"info","port":3000,"msg":"stopping"}',
    '{"level":"info","port":3000,"msg":"star',
  ]) {
    test(`is not taken from ${line}`, ({ expect }) => {
      expect(parsePort(line)).toBe(undefined);
    });
  }
});
