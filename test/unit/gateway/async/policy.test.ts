import { describe, test } from "vitest";
import { createSettingsReader } from "../../../../src/core/settings.ts";
import { AsyncPolicies } from "../../../../src/gateway/async/policies.ts";
import { readAsyncPolicy } from "../../../../src/gateway/async/policy.ts";
import { DEFAULT_ASYNC_POLICY } from "../../../../src/gateway/queue/start-async.ts";
import { specOf } from "../../../support/function-spec.ts";
import { MemoryProvider } from "../../../support/memory-provider.ts";

type Annotations = Readonly<Record<string, string>>;

function read(annotations: Annotations) {
  const reader = createSettingsReader(annotations);
  return { policy: readAsyncPolicy(reader), problems: reader.problems };
}

const RETRY = "com.openfaas.retry";

describe("how a function's queued invocations run", () => {
  test("is the default where nothing is said", ({ expect }) => {
    expect(read({ topic: "x" })).toEqual({ policy: DEFAULT_ASYNC_POLICY, problems: [] });
  });

  test.for<[Annotations, object]>([
    [{ [`${RETRY}.attempts`]: "1" }, { attempts: 1 }],
    [{ [`${RETRY}.attempts`]: "1000" }, { attempts: 1000 }],
    [{ [`${RETRY}.codes`]: "429, 503" }, { statuses: new Set([429, 503]) }],
    [{ [`${RETRY}.codes`]: "404" }, { statuses: new Set([404]) }],
    [{ [`${RETRY}.min_wait`]: "2s" }, { minWaitMs: 2_000 }],
    [{ [`${RETRY}.min_wait`]: "2m" }, { minWaitMs: 120_000, maxWaitMs: 120_000 }],
    [{ [`${RETRY}.max_wait`]: "90" }, { maxWaitMs: 90_000 }],
    [{ [`${RETRY}.max_wait`]: "100ms" }, { minWaitMs: 100, maxWaitMs: 100 }],
    [
      { [`${RETRY}.min_wait`]: "10s", [`${RETRY}.max_wait`]: "10s" },
      { minWaitMs: 10_000, maxWaitMs: 10_000 },
    ],
    [{ "breeze.async.max-inflight": "1" }, { concurrency: 1 }],
    [{ "breeze.async.max-inflight": "64" }, { concurrency: 64 }],
  ])("is what %j says", ([annotations, policy], { expect }) => {
    expect(read(annotations)).toEqual({
      policy: { ...DEFAULT_ASYNC_POLICY, ...policy },
      problems: [],
    });
  });

  test.for<[Annotations, RegExp]>([
    [{ [`${RETRY}.attempts`]: "0" }, /retry\.attempts: found "0", expected a whole number from 1/],
    [{ [`${RETRY}.attempts`]: "1001" }, /found "1001"/],
    [{ [`${RETRY}.attempts`]: "many" }, /found "many"/],
    [
      { [`${RETRY}.codes`]: "500-599" },
      /retry\.codes: found "500-599", expected statuses from 400/,
    ],
    [{ [`${RETRY}.codes`]: "200" }, /found "200"/],
    [{ [`${RETRY}.codes`]: "" }, /found ""/],
    [{ [`${RETRY}.min_wait`]: "0" }, /retry\.min_wait: found "0", expected a duration above 0/],
    [{ [`${RETRY}.min_wait`]: "-1s" }, /found "-1s"/],
    [{ [`${RETRY}.max_wait`]: "25h" }, /retry\.max_wait: found "25h", expected .* up to 24h/],
    [
      { [`${RETRY}.min_wait`]: "10s", [`${RETRY}.max_wait`]: "5s" },
      /retry\.max_wait: found "5000 ms", expected at least com\.openfaas\.retry\.min_wait, 10000 ms/,
    ],
    [{ "breeze.async.max-inflight": "0" }, /max-inflight: found "0", expected .* from 1 to 64/],
    [{ "breeze.async.max-inflight": "65" }, /found "65"/],
  ])("is the default where %j cannot be used, which is said", ([annotations, said], { expect }) => {
    expect(read(annotations)).toEqual({
      policy: DEFAULT_ASYNC_POLICY,
      problems: [expect.stringMatching(said)],
    });
  });

  test("is read when a function changes, and forgotten with it", async ({ expect }) => {
    const [provider, policies] = [new MemoryProvider(), new AsyncPolicies()];
    const spec = specOf("echo", { annotations: { [`${RETRY}.attempts`]: "7" } });
    await provider.deploy(spec);
    policies.see(await provider.describe(spec));
    const policy = policies.of(spec);
    expect(policy.attempts).toBe(7);
    expect(policies.of(spec)).toBe(policy);
    policies.forget(spec);
    expect(policies.of(spec)).toBe(DEFAULT_ASYNC_POLICY);
  });
});
