import type { Case, SoloCase } from "./case.ts";
import { catCases } from "./cat.ts";
import { cgiCase } from "./cgi.ts";
import { deadlineCase } from "./deadline.ts";
import { firstChunkCase } from "./first-chunk.ts";
import { gatewayCases } from "./gateway.ts";
import { healthCase } from "./health.ts";
import { httpCases } from "./http.ts";
import { idleCase, memoryAfterLoadCase } from "./memory.ts";
import { soakCase } from "./soak.ts";
import { staticCase } from "./static.ts";
import { besideStreamsCase, bigStreamCases } from "./stream.ts";

/** All that is measured, in the order of the table. */
export const cases: readonly (Case | SoloCase)[] = [
  ...catCases,
  cgiCase,
  healthCase,
  ...bigStreamCases,
  besideStreamsCase,
  firstChunkCase,
  staticCase,
  ...httpCases,
  memoryAfterLoadCase,
  deadlineCase,
  idleCase,
  soakCase,
  ...gatewayCases,
];
