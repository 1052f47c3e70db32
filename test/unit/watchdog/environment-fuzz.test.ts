import fc from "fast-check";
import { describe, test } from "vitest";
import { createEnvironmentBuilder } from "../../../src/watchdog/environment.ts";

/** Longer by command: BREEZE_FUZZ_RUNS=1000000 npx vitest run ... test/unit/watchdog/environment-fuzz.test.ts */
const RUNS = Number(process.env.BREEZE_FUZZ_RUNS ?? 3_000);

const token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Few letters make names that meet: in case, and in `-` and `_`. */
const meetingName = fc.string({
  unit: fc.constantFrom("a", "B", "-", "_", "1"),
  minLength: 1,
  maxLength: 4,
});
const anyName = fc.string({ unit: fc.constantFrom(...token), minLength: 1, maxLength: 80 });
const reservedName = fc
  .constantFrom("proxy", "path", "query", "method", "host", "transfer-encoding", "trailer")
  .chain((name) => fc.mixedCase(fc.constant(name)));
const name = fc.oneof(meetingName, anyName, reservedName, fc.constant("Content-Length"));
/** What Node's parser lets through: everything but NUL, CR and LF. */
const byte = fc.integer({ min: 1, max: 255 }).filter((code) => code !== 10 && code !== 13);
const value = fc.array(byte, { maxLength: 20 }).map((codes) => String.fromCharCode(...codes));
const headers = fc.array(fc.tuple(name, value), { maxLength: 60 });

/** Go's rule: a capital at the beginning and behind each hyphen, small letters elsewhere. */
const canonical = (text: string): string =>
  text
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");

/** What it has to be, made the slow way: the first header of a variable counts, one with more hyphens before the others. */
function model(pairs: readonly (readonly [string, string])[], isClassic: boolean) {
  const variables = new Map<string, { readonly value: string; readonly hyphens: number }>();
  for (const [header, text] of pairs) {
    const name = canonical(header);
    if (/^(Proxy|Path|Query|Method|Host|Transfer-Encoding|Trailer)$/.test(name)) continue;
    if (isClassic && name === "Content-Length") continue;
    const hyphens = name.split("-").length;
    const variable = `Http_${name.replaceAll("-", "_")}`;
    if (hyphens > (variables.get(variable)?.hyphens ?? 0)) {
      variables.set(variable, { value: text, hyphens });
    }
  }
  return [...variables].map(([variable, { value: text }]) => `${variable}=${text}`).sort();
}

describe.for([true, false])("the variables of any headers, classic: %s", (isClassic) => {
  const builder = createEnvironmentBuilder({
    cgiHeaders: true,
    isClassic,
    roomBytes: 10_000_000,
    onHeaderDropped() {},
  });
  const head = {
    path: "/p",
    decodedPath: "/p",
    query: "q",
    host: "h",
    bodyLength: 3,
    expectsContinue: false,
  };
  const own = isClassic
    ? ["Http_Method=GET", "Http_ContentLength=3", "Http_Content_Length=3", "Http_Host=h"]
    : ["Http_Method=GET"];
  own.push("Http_Query=q", "Http_Path=/p");

  test("T3, T4, T5: are what the slow way makes, whatever came before (T1: never a proxy)", ({
    expect,
  }) => {
    fc.assert(
      fc.property(headers, (pairs) => {
        const text = builder({ method: "GET", rawHeaders: pairs.flat(), head }) ?? "";
        const entries = text.split("\0");
        expect(entries.pop()).toBe("");
        expect(entries.slice(0, own.length)).toEqual(own);
        expect(entries.slice(own.length).sort()).toEqual(model(pairs, isClassic));
        expect(entries.some((entry) => /^http_proxy=/i.test(entry))).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});
