import type { Random } from "../../../../bench/soak/random.ts";
import { pick } from "../../mutate.ts";

/** What JSON has that programs do not expect (T49). */
const PIECES: readonly string[] = [
  ...[
    '"__proto__":{"isAdmin":true},',
    '"constructor":{"prototype":{}},',
    '"toString":1,',
    '"service":"__proto__",',
  ],
  ...[
    '"\\ud800"',
    '"\\u0000"',
    '"\\uffff"',
    '"\xed\xa0\x80"',
    "\xff\xfe",
    "\xef\xbb\xbf",
    "null",
    "true",
    "{}",
    "[]",
    '""',
  ],
  ...[
    "1e999",
    "-0",
    "1.5",
    "-1",
    "9007199254740993",
    "NaN",
    "Infinity",
    "0x10",
    "1e-400",
    "/**/",
    "'",
    "//",
  ],
  ...[
    "[".repeat(33),
    "[".repeat(50_000),
    '{"a":'.repeat(20_000),
    "]".repeat(100),
    `"${"x".repeat(100_000)}"`,
  ],
  ...[
    '"name":"a","name":"../b",',
    '"name":["a"],',
    '"labels":[],',
    '"labels":{"a":null},',
    '"envVars":{"=":"","PATH":"","a b":"c"},',
  ],
  ...[
    '"secrets":["../kept"],',
    '"image":"../../..",',
    '"image":"/",',
    '"annotations":{"breeze.path":"/system"},',
  ],
  ...[
    '"annotations":{"breeze.host":"gateway"},',
    '"annotations":{"com.openfaas.timeout":"-1"},',
    '"rawValue":"====",',
  ],
];

/** JSON with something else in it where a value or a key begins, so that much of it stays what it was. */
export function withPiece(text: string, random: Random): string {
  const places = [...text.matchAll(/[{[:,]/g)].map(({ index }) => index + 1);
  const place = places.length === 0 ? 0 : pick(places, random);
  const rest = text.slice(place);
  const behind = random.next() < 0.5 ? rest.replace(/^("[^"]*"|[\w.]+)/, "") : rest;
  return text.slice(0, place) + pick(PIECES, random) + behind;
}
