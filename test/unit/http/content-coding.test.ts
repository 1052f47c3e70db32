import { describe, test } from "vitest";
import { acceptedCodings } from "../../../src/http/content-coding.ts";

describe("of the codings that a client takes", () => {
  test.for([
    [undefined, []],
    ["", []],
    ["identity", []],
    ["gzip", ["gzip"]],
    ["x-gzip", ["gzip"]],
    ["GZIP, Deflate, BR", ["br", "gzip"]],
    ["gzip, deflate, br, zstd", ["br", "zstd", "gzip"]],
    ["gzip;q=1.0, br;q=0.5", ["gzip", "br"]],
    ["br; q=0.8 , gzip ; q=0.9", ["gzip", "br"]],
    ["gzip;q=0", []],
    ["gzip;q=0.000, br", ["br"]],
    ["*", ["br", "zstd", "gzip"]],
    ["*;q=0.5, gzip", ["gzip", "br", "zstd"]],
    ["*, br;q=0", ["zstd", "gzip"]],
    ["identity;q=1, gzip;q=0.5", []],
    ["identity;q=0.5, gzip;q=0.5", ["gzip"]],
    ["gzip;q=2, br;q=x, zstd;q=", []],
    ["gzip;level=9", ["gzip"]],
  ] as const)("%j leaves %j, best first", ([header, codings], { expect }) => {
    expect(acceptedCodings(header)).toEqual(codings);
  });

  test("none is remembered for somebody else", ({ expect }) => {
    expect(acceptedCodings("gzip")).toEqual(["gzip"]);
    expect(acceptedCodings("br")).toEqual(["br"]);
    expect(acceptedCodings(undefined)).toEqual([]);
    expect(acceptedCodings("br")).toEqual(["br"]);
  });
});
