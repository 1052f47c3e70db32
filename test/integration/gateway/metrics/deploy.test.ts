import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { createMetrics, FUNCTION, QUEUE } from "../../../unit/gateway/metrics/metrics.ts";

const deploy = join(import.meta.dirname, "../../../../deploy");

/** Fails with all that a tool says, unless it is content. */
function check(program: string, ...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd: deploy, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${options.join(" ")}: ${stdout}${stderr}`);
  return stdout.trim();
}

describe.skipIf(noProgramReason("promtool") !== undefined)(
  "Prometheus (needs promtool: the package prometheus)",
  () => {
    test("takes our configuration and rules", () => {
      check("promtool", "check", "config", "prometheus.yml");
    });

    test("alerts when a function is busy or fails, replicas are missing, or the queue is late", () => {
      check("promtool", "test", "rules", join(import.meta.dirname, "rules.yml"));
    });
  },
);

test("rules speak of no metric that the gateway does not have", ({ expect }) => {
  const { registry } = createMetrics({ functions: () => [FUNCTION], queue: () => QUEUE });
  const names = new Set(registry.descriptions().map(({ name }) => name));
  const rules = readFileSync(join(deploy, "prometheus-rules.yml"), "utf8");
  const used = [...rules.matchAll(/\bgateway_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""));
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
});

describe.skipIf(noProgramReason("amtool") !== undefined)(
  "Alertmanager (needs amtool: the package prometheus-alertmanager)",
  () => {
    const route = (...labels: string[]) =>
      check("amtool", "config", "routes", "test", "--config.file=alertmanager.yml", ...labels);

    test("takes our configuration", () => {
      check("amtool", "check-config", "alertmanager.yml");
    });

    test("has the gateway scale by the alerts that are for it, and nothing else", ({ expect }) => {
      expect(route("service=gateway", "severity=major")).toBe("scale-up");
      expect(route("severity=critical")).toBe("people");
      expect(route("service=gateway", "severity=warning")).toBe("people");
    });
  },
);
