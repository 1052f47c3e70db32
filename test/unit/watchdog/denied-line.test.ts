import { test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { createTextLog } from "../../../src/watchdog/log-text.ts";
import type { InvocationRecord } from "../../../src/watchdog/telemetry.ts";
import { CollectedLines } from "../../support/collected-lines.ts";
import { invocation } from "../../support/invocation.ts";

const DENIED = { outcome: "refused", status: 401, denied: "no token" } as const;

test.for(["classic", "streaming"])(
  "who was not let in has one line, as theirs, in mode %s with log_format=text",
  (mode, { expect }) => {
    const said = (differences: Partial<InvocationRecord>) => {
      const sink = new CollectedLines();
      const { config } = readWatchdogConfig({ fprocess: "cat", log_format: "text", mode });
      createTextLog(config, sink).access(invocation({ ...DENIED, ...differences }));
      return sink.text.slice("2006/01/02 15:04:05 ".length);
    };
    expect(said({ milliseconds: 1.6 })).toBe("POST /a/b - 401 ACCESS DENIED - (2ms)\n");
    expect(said({ milliseconds: 0.2, path: "/a%1Bb%C3%A9" })).toBe(
      "POST /a\\x1bbé - 401 ACCESS DENIED - (0s)\n",
    );
  },
);
