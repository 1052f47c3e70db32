import { groups } from "../../conformance/groups.ts";

/** What clients send, well or badly meant: the script of the conformance test. */
export const corpus: readonly string[] = [
  ...new Set(groups.flatMap(({ cases }) => cases.map(({ sent }) => sent))),
].filter((text) => text !== "" && text.length < 150_000);
