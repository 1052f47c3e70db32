import fc from "fast-check";
import { afterEach, beforeEach, describe, test, vi } from "vitest";
import { createQueue, TIMEOUT_MS, Visitor } from "../../support/visitor.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whatever happens", () => {
  const callers = fc.constantFrom("a", "b", "c");
  const which = fc.nat({ max: 1_000 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("arrive" as const), caller: callers }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("end" as const), which }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("away" as const), which }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), which }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat(TIMEOUT_MS) }),
    },
  );
  const limits = {
    limit: fc.integer({ min: 1, max: 4 }),
    maxQueue: fc.integer({ min: 0, max: 6 }),
  };

  test("no more run than may, no more wait than may, nobody waits beside a free place, none is lost", ({
    expect,
  }) => {
    const steps = fc.array(step, { maxLength: 100 });
    fc.assert(
      fc.property(fc.record({ ...limits, steps }), ({ limit, maxQueue, steps }) => {
        const { admission, telemetry } = createQueue(limit, maxQueue);
        const all: Visitor[] = [];
        const inState = (...states: string[]) => all.filter(({ state }) => states.includes(state));
        const check = () => {
          const running = inState("place").length;
          const waiting = inState("waiting").length;
          const returning = inState("returning").length;
          expect(running).toBeLessThanOrEqual(limit);
          expect(waiting).toBeLessThanOrEqual(maxQueue);
          if (waiting + returning > 0) expect(running).toBe(limit);
          expect(telemetry.waiting).toBe(waiting + returning);
          expect(admission.isFull).toBe(running === limit && waiting + returning >= maxQueue);
        };
        for (const step of steps) {
          if (step.kind === "arrive") all.push(new Visitor(admission, step.caller));
          else if (step.kind === "time") vi.advanceTimersByTime(step.ms);
          else act(step.kind, step.which);
          check();
        }
        for (const request of inState("place", "waiting", "returning", "away")) {
          request.end();
          check();
        }
        // Those who got a place while the others ended.
        while (inState("place").length > 0) inState("place")[0]?.end();
        expect(inState("waiting", "returning")).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
        for (const { events } of all) {
          const last = events.filter((event) => ENDS.includes(event));
          expect(last, events.join()).toHaveLength(1);
        }

        function act(kind: "end" | "away" | "back", index: number): void {
          const able = inState(...ABLE[kind]);
          const chosen = able[index % Math.max(able.length, 1)];
          if (kind === "end") chosen?.end();
          else if (kind === "away") chosen?.goAway();
          else chosen?.comeBack();
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a caller's requests have their places in the order in which they came", ({ expect }) => {
    const arrivals = fc.array(fc.option(callers), { maxLength: 100 });
    fc.assert(
      fc.property(fc.record({ ...limits, arrivals }), ({ limit, maxQueue, arrivals }) => {
        const { admission } = createQueue(limit, maxQueue);
        const all: Visitor[] = [];
        const served: Visitor[] = [];
        for (const caller of arrivals) {
          if (caller === null) all.find(({ state }) => state === "place")?.end();
          else all.push(new Visitor(admission, caller));
          for (const request of all) {
            if (request.events[0] === "place" && !served.includes(request)) served.push(request);
          }
        }
        for (const caller of ["a", "b", "c"]) {
          const ofCaller = (requests: Visitor[]) => requests.filter((one) => one.caller === caller);
          const places = ofCaller(served).map((one) => all.indexOf(one));
          expect(places).toEqual(places.toSorted((one, other) => one - other));
        }
      }),
    );
  });

  test("a caller with one request is served within a turn of each other caller", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(50), (others, crowd) => {
        const { admission } = createQueue(1, 1_000);
        const all = [new Visitor(admission, "first")];
        for (let count = 0; count < crowd * others; count++) {
          all.push(new Visitor(admission, `other ${count % others}`));
        }
        const single = new Visitor(admission, "single");
        let served = 0;
        while (single.state === "waiting") {
          all.find(({ state }) => state === "place")?.end();
          served++;
        }
        expect(served).toBeLessThanOrEqual(others + 1);
      }),
    );
  });
});

const ENDS = ["end", "full", "queue-full", "timeout", "stopping"];
const ABLE = {
  end: ["place", "waiting", "returning", "away"],
  away: ["place"],
  back: ["away"],
} as const;
