import fc from "fast-check";
import { describe, test } from "vitest";
import { parseAlerts } from "../../../../src/gateway/scaling/alerts.ts";

const alertmanager = (version: string) => ({
  version,
  groupKey: '{}/{severity="major"}:{alertname="APIHighInvocationRate"}',
  receiver: "scale-up",
  status: "firing",
  groupLabels: { alertname: "APIHighInvocationRate", service: "gateway" },
  commonLabels: { alertname: "APIHighInvocationRate" },
  commonAnnotations: {},
  externalURL: "http://f054879d97db:9093",
  alerts: [
    {
      status: "firing",
      labels: {
        alertname: "APIHighInvocationRate",
        function_name: "func_echoit",
        monitor: "faas-monitor",
        value: "8",
      },
      annotations: { summary: "High invocation total on gateway" },
      startsAt: "2017-01-22T10:40:52.804Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://bb1b23e87070:9090/graph",
    },
    { status: "resolved", labels: { function_name: "cows.openfaas-fn" } },
    { status: "firing", labels: { alertname: "service_down" } },
  ],
});

describe("the body of Alertmanager's webhook", () => {
  test.for(["3", "4"])(
    "of version %s names functions and whether each one fires",
    (version, { expect }) => {
      expect(parseAlerts(JSON.stringify(alertmanager(version)))).toEqual([
        { isFiring: true, functionName: "func_echoit" },
        { isFiring: false, functionName: "cows.openfaas-fn" },
      ]);
    },
  );

  test.for([
    "{}",
    "null",
    '{"alerts":null}',
    '{"alerts":[]}',
    '{"alerts":[null,{}]}',
    '{"alerts":[{"labels":null}]}',
    '{"alerts":[{"status":"firing","labels":{"function_name":""}}]}',
    '{"status":null,"receiver":null,"version":4}',
  ])("%s names none", (body, { expect }) => {
    expect(parseAlerts(body)).toEqual([]);
  });

  test.for([
    "",
    "{",
    "[]",
    '"firing"',
    "1",
    '{"alerts":{}}',
    '{"alerts":["firing"]}',
    '{"alerts":[{"labels":{"function_name":1}}]}',
    '{"alerts":[{"status":1}]}',
    '{"status":[]}',
  ])("%s is none of Alertmanager's", (body, { expect }) => {
    expect(parseAlerts(body)).toBeUndefined();
  });

  test("T49: is read or refused, however deep it is and whatever its keys are", ({ expect }) => {
    expect(parseAlerts("[".repeat(100_000))).toBeUndefined();
    expect(
      parseAlerts(`{"alerts":[{"labels":${'{"a":'.repeat(100_000)}1${"}".repeat(100_003)}`),
    ).toBeUndefined();
    const polluting =
      '{"__proto__":{"polluted":1},"alerts":[{"labels":{"__proto__":{"function_name":"x"}}}]}';
    expect(parseAlerts(polluting)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        expect(parseAlerts(body) ?? []).toBeInstanceOf(Array);
      }),
    );
  });
});
