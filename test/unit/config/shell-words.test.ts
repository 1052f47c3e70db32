import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { test } from "vitest";
import { parseShellWords } from "../../../src/config/shell-words.ts";

test.for<[string, readonly string[]]>([
  ["", []],
  ["  \t\n ", []],
  ["a", ["a"]],
  ["  a\tb\nc  ", ["a", "b", "c"]],
  [`a'b c'"d e"f`, ["ab cd ef"]],
  [`'' ""`, ["", ""]],
  [`'\\'`, ["\\"]],
  [`"\\a\\$\\\`\\"\\\\"`, ['\\a$`"\\']],
  ["\\a\\ \\'", ["a '"]],
  [
    "$HOME `x` $(x) *.js ~ #no | ; & < >",
    ["$HOME", "`x`", "$(x)", "*.js", "~", "#no", "|", ";", "&", "<", ">"],
  ],
  ["a\\\nb \\\n c", ["ab", "c"]],
  [`"a\\\nb"`, ["ab"]],
])("%j is split as a shell splits it", ([text, words], { expect }) => {
  expect(parseShellWords(text)).toEqual(words);
});

test.for(["'", '"', "a 'b", 'a "b\\"', "a\\", "'a\\'b'"])(
  "%j is not closed",
  (text, { expect }) => {
    expect(parseShellWords(text)).toBeUndefined();
  },
);

test("words of quotes, blanks and backslashes are those that /bin/sh finds", ({ expect }) => {
  const text = fc.array(fc.constantFrom("a", "b", " ", "\t", "\n", "'", '"', "\\"), {
    maxLength: 14,
  });
  const texts = fc.sample(
    text.map((characters) => characters.join("")),
    { numRuns: 400, seed: 7 },
  );
  const whole = texts.filter(
    (sample) => !sample.includes("\n") && parseShellWords(sample) !== undefined,
  );
  expect(whole.length).toBeGreaterThan(50);
  // One shell for all: a word is ended by a bar, a sample by a line.
  const script = whole.map((sample) => `show ${sample}\n`).join("");
  const show = `show() { for word do printf '%s|' "$word"; done; echo; }\n`;
  const shown = execFileSync("/bin/sh", ["-c", show + script], { encoding: "utf8" }).split("\n");
  const ours = whole.map((sample) =>
    (parseShellWords(sample) ?? []).map((word) => `${word}|`).join(""),
  );
  expect(shown.slice(0, -1)).toEqual(ours);
});
