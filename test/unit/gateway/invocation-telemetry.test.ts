import { test } from "vitest";
import { createInvocationTelemetry } from "../../../src/gateway/invocation-telemetry.ts";
import type { EndedInvocation } from "../../../src/gateway/invoke/telemetry.ts";
import { LoadCounter } from "../../../src/gateway/scaling/load-counter.ts";
import { createMetrics } from "./metrics/metrics.ts";

const ECHO = { name: "echo", namespace: "openfaas-fn" };
const ENDED = { callId: "1" } as EndedInvocation;

function create() {
  const metrics = createMetrics();
  const load = new LoadCounter();
  let touched = 0;
  const written: unknown[] = [];
  const telemetry = createInvocationTelemetry({
    metrics,
    loadOf: () => load,
    touch: () => void touched++,
    accessLog: {
      requestEnded() {},
      invocationEnded: (...ended) => void written.push(ended),
    },
  });
  const value = (name: string) =>
    Number(
      new RegExp(`^${name}\\{function_name="echo"[^}]*\\} (\\d+)$`, "m").exec(
        metrics.registry.render(),
      )?.[1],
    );
  return { telemetry, load, value, written, touched: () => touched };
}

test("an invocation is counted for those who look, for those who scale, and written down", ({
  expect,
}) => {
  const { telemetry, load, value, touched, written } = create();
  const [counters, share] = [telemetry.of(ECHO), telemetry.loadOf(ECHO)];
  counters.started();
  share.begin();
  expect(touched()).toBe(1);
  expect([load.arrived, load.inFlight]).toEqual([1, 1]);
  expect(value("gateway_functions_in_flight")).toBe(1);
  share.end();
  counters.ended(200, 0.1, ENDED);
  expect([load.arrived, load.inFlight]).toEqual([1, 0]);
  expect(value("gateway_functions_in_flight")).toBe(0);
  expect(value("gateway_function_invocation_total")).toBe(1);
  expect(written).toEqual([["echo.openfaas-fn", 200, ENDED]]);
  telemetry.unknown.started();
  telemetry.unknown.ended(404, 0.1, ENDED);
  expect(written.at(-1)).toEqual([undefined, 404, ENDED]);
});

test("who waits for a replica is counted as waiting, however the wait ends", ({ expect }) => {
  const { telemetry, load, value } = create();
  const share = telemetry.loadOf(ECHO);
  const [served, refused, left] = [share.wait(), share.wait(), share.wait()];
  expect([load.waiting, value("gateway_functions_waiting")]).toEqual([3, 3]);
  served.begin();
  refused.leave(true);
  left.leave(false);
  expect([load.waiting, value("gateway_functions_waiting")]).toEqual([0, 0]);
  expect([load.arrived, load.refused, load.inFlight]).toEqual([2, 1, 1]);
});
