import { defineConfig } from "tsdown";
import watchdog from "./.tsdown.config.ts";
import { readSourceCommitMessage } from "./src/process/commit-message.ts";

const QUEUE_THREAD = "queue-thread";

const common = {
  ...watchdog,
  define: {
    ...watchdog.define,
    BREEZE_COMMIT_MESSAGE: JSON.stringify(readSourceCommitMessage(import.meta.dirname)),
    BREEZE_QUEUE_THREAD: JSON.stringify(`./${QUEUE_THREAD}.cjs`),
  },
};

// A thread's program is a file of its own.
export default defineConfig([
  { ...common, entry: { gateway: "bin/gateway.ts" } },
  { ...common, entry: { [QUEUE_THREAD]: "src/gateway/queue/sqlite/thread.ts" } },
]);
