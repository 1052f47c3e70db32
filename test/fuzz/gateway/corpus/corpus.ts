import { AMBIGUOUS_REQUESTS } from "../../../support/ambiguous-requests.ts";
import { corpus as watchdogCorpus } from "../../watchdog/corpus.ts";
import { headers } from "./headers.ts";
import { invocations } from "./invocations.ts";
import { paths } from "./paths.ts";
import { smuggled } from "./smuggled.ts";

/** What clients send, well or badly meant, none of whom may manage functions. */
export const corpus: readonly string[] = [
  ...[...watchdogCorpus, ...Object.values(AMBIGUOUS_REQUESTS)].map(toFunction),
  ...smuggled(),
  ...paths(),
  ...headers(),
  ...invocations(),
];

function toFunction(text: string): string {
  return text.replace(/^(\w+) \/(?=[ ?])/, "$1 /function/echo");
}
