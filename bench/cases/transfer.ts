import { startTransfer } from "../load/start-transfer.ts";
import type { TransferOptions } from "../load/transfer.ts";
import type { Row } from "../report/row.ts";
import { readMemory, watchMemory } from "../server/memory.ts";
import type { Case } from "./case.ts";

const gibibyte = 1024 ** 3;

type Bounds = Pick<Row, "must" | "aim">;

interface Transfer extends Pick<TransferOptions, "prefix" | "framing"> {
  /** Of the case, and in front of its rows' names. */
  readonly name: string;
  readonly title: string;
  /** Each way, in relation to the other side's. */
  readonly throughput: Bounds;
  /** In MiB over idle. */
  readonly memory: Bounds;
}

/** A gigabyte to the function, then one from it. */
export function transfer(options: Transfer): Pick<Case, "rows" | "measure"> {
  const { name, title, prefix, framing } = options;
  const throughput = {
    unit: "MB/s",
    better: "higher",
    judged: "ratio",
    ...options.throughput,
  } as const;
  return {
    rows: [
      { name: `${name} up`, title: `${title} to the program: throughput`, ...throughput },
      { name: `${name} down`, title: `${title} from the program: throughput`, ...throughput },
      {
        name: `${name} memory`,
        title: "the same: private memory over idle",
        unit: "MiB",
        better: "lower",
        judged: "value",
        ...options.memory,
      },
    ],
    async measure(server) {
      const idle = readMemory(server.pids);
      const watch = watchMemory(server.pids);
      const result = await startTransfer(server, { bytes: gibibyte, prefix, framing });
      const peak = watch.stop();
      return {
        values: {
          [`${name} up`]: gibibyte / 1e6 / result.upSeconds,
          [`${name} down`]: gibibyte / 1e6 / result.downSeconds,
          [`${name} memory`]: peak.anonymous - idle.anonymous,
        },
        notes: result.lost === 0 ? [] : [`lost ${result.lost} bytes`],
      };
    },
  };
}
