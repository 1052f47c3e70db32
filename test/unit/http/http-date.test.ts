import { describe, test } from "vitest";
import { formatHttpDate, parseHttpDate } from "../../../src/http/http-date.ts";

const SECONDS = 784_111_777;

describe("a date of HTTP", () => {
  test.for([
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])("is understood in each of its three forms: %s", (text, { expect }) => {
    expect(parseHttpDate(text)).toBe(SECONDS);
  });

  test("is written in the first of them", ({ expect }) => {
    expect(formatHttpDate(SECONDS)).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
  });

  test.for([
    "",
    "1994-11-06T08:49:37Z",
    "784111777",
    "Sun, 06 Nov 1994 08:49:37 +0100",
    "Sun, 06 Nov 1994 28:49:37 GMT",
    "sun, 06 nov 1994 08:49:37 gmt",
  ])("is none that is written otherwise: %s", (text, { expect }) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
