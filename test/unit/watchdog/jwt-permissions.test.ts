import fc from "fast-check";
import { describe, test } from "vitest";
import { matchesWhole, parsePermissions, permit } from "../../../src/watchdog/jwt/permissions.ts";

describe("a pattern means the whole of a function's name (G4)", () => {
  test.for([
    ["ns:fn", true],
    ["*", true],
    ["**", true],
    ["ns:*", true],
    ["*:fn", true],
    ["*:*", true],
    ["n*:f*", true],
    ["ns:fn*", true],
    ["*ns:fn*", true],
    ["*s*f*", true],
    ["ns:f", false],
    ["s:", false],
    ["s:fn", false],
    ["ns:fnx", false],
    ["NS:FN", false],
    ["ns", false],
    ["", false],
    ["ns.fn", false],
    ["^ns:fn$", false],
    ["ns:.*", false],
    ["ns:f*nn", false],
    ["ns:fn*fn", false],
    ["*n*n*n", false],
    [" ns:fn", false],
  ] as const)("%s", ([pattern, isMeant], { expect }) => {
    expect(matchesWhole(pattern, "ns:fn")).toBe(isMeant);
  });

  test("as an anchored expression would say it", ({ expect }) => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom("a", "b", ":", "*"), maxLength: 8 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
        expect(matchesWhole(pattern, text)).toBe(expression.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("and a pattern that is all wildcards is compared without trying every split", ({
    expect,
  }) => {
    const pattern = `${"*a".repeat(5000)}*b`;
    expect(matchesWhole(pattern, "a".repeat(5000))).toBe(false);
    expect(matchesWhole(pattern, `${"a".repeat(5000)}b`)).toBe(true);
  });
});

describe("a claim", () => {
  test("permits what one of its permissions means and, where it has an audience, that too", ({
    expect,
  }) => {
    const permissions = ["ns:other", "ns:fn"];
    expect(permit({ permissions, audience: [] }, "ns:fn")).toBe(true);
    expect(permit({ permissions, audience: ["x:*", "ns:*"] }, "ns:fn")).toBe(true);
    expect(permit({ permissions, audience: ["ns:f"] }, "ns:fn")).toBe(false);
    expect(permit({ permissions: [], audience: ["*"] }, "ns:fn")).toBe(false);
  });

  test("that is not there permits nothing", ({ expect }) => {
    for (const claim of [undefined, null, {}, { permissions: null, audience: null }])
      expect(parsePermissions(claim)).toEqual({ permissions: [], audience: [] });
  });

  test.for(["*", 1, true, { permissions: "*" }, { permissions: [1] }, { audience: {} }])(
    "of another shape, %j, is none",
    (claim, { expect }) => {
      expect(parsePermissions(claim)).toBeUndefined();
    },
  );
});
