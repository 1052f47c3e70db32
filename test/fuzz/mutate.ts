import type { Random } from "../../bench/soak/random.ts";

/** What breaks parsers, and what they stop at. */
const TOKENS: readonly string[] = [
  "\r\n",
  "\r\n\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  "\t",
  ":",
  ";",
  ",",
  "\xff",
  "%",
  "%00",
  "%0d%0a",
  "//",
  "/../",
  "0\r\n\r\n",
  "ffffffff\r\n",
  "-1",
  "99999999999999999999",
  "Content-Length: 5\r\n",
  "Content-Length: 0\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Connection: close\r\n",
  "Connection: upgrade\r\nUpgrade: websocket\r\n",
  "Expect: 100-continue\r\n",
  "Host: b\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "HTTP/1.0",
  "HEAD",
  "x".repeat(300),
];

/** Of one text another one, some steps away. `others`: what it may be crossed with. One character is one byte. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  let mutated = text;
  for (let step = random.below(6); step >= 0; step--) mutated = mutateOnce(mutated, others, random);
  return mutated.slice(0, LONGEST);
}

const LONGEST = 200_000;

function mutateOnce(text: string, others: readonly string[], random: Random): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + 1 + random.below(random.next() < 0.5 ? 4 : 200));
  const [before, middle, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(7)) {
    case 0:
      return before + after;
    case 1:
      return before + middle + middle + after;
    case 2:
      return before + String.fromCharCode(random.below(256)) + text.slice(from + 1);
    case 3:
      return before + pick(TOKENS, random) + text.slice(from);
    case 4:
      return before + pick(TOKENS, random) + after;
    case 5:
      return before + pick(others, random).slice(random.below(40));
    default:
      return text + pick(others, random);
  }
}

export const pick = <T>(list: readonly T[], random: Random): T =>
  list[random.below(list.length)] as T;
