import type { SoloCase } from "../cases/case.ts";
import { durableCase } from "./durable.ts";
import { manyFunctionsCase } from "./many-functions.ts";
import { queueCase } from "./queue.ts";
import { wakeCase } from "./wake.ts";

/** What is measured of a whole gateway, in the order of the table. */
export const scaleCases: readonly SoloCase[] = [
  wakeCase,
  manyFunctionsCase,
  queueCase,
  durableCase,
];
