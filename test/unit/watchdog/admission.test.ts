import { describe, test } from "vitest";
import { Admission, type Refusal, type Waiter } from "../../../src/watchdog/admission.ts";
import { RecordedTelemetry } from "../../support/recorded-telemetry.ts";

function createAdmission(limit: number, maxQueue = 0): Admission {
  const telemetry = new RecordedTelemetry();
  return new Admission({ limit, maxQueue, queueTimeoutMs: 0, telemetry });
}

/** Waits, and tells what becomes of it. */
class Recorded implements Waiter {
  heard: (Refusal | "place")[] = [];

  onPlace(): void {
    this.heard.push("place");
  }

  onRefused(refusal: Refusal): void {
    this.heard.push(refusal);
  }
}

const wait = (admission: Admission, caller = "") => {
  const waiter = new Recorded();
  const refusal = admission.wait(waiter, caller);
  if (refusal !== undefined) waiter.onRefused(refusal);
  return waiter;
};

test("as many enter as there are places, and one more for each who leaves", ({ expect }) => {
  const admission = createAdmission(2);
  expect([admission.enter(), admission.isFull, admission.enter()]).toEqual([true, false, true]);
  expect([admission.isFull, admission.enter()]).toEqual([true, false]);
  admission.leave();
  expect([admission.isFull, admission.enter(), admission.enter()]).toEqual([false, true, false]);
});

test("without a limit nobody is turned away", ({ expect }) => {
  const admission = createAdmission(0);
  for (let count = 0; count < 1_000; count++) expect(admission.enter()).toBe(true);
  expect(admission.isFull).toBe(false);
});

describe("a queue", () => {
  test("that is not there refuses at once", ({ expect }) => {
    const admission = createAdmission(1);
    admission.enter();
    expect(wait(admission).heard).toEqual(["full"]);
  });

  test("is full when as many wait as may, and only then is the watchdog", ({ expect }) => {
    const admission = createAdmission(1, 2);
    admission.enter();
    const first = wait(admission);
    expect(admission.isFull).toBe(false);
    const second = wait(admission);
    expect(admission.isFull).toBe(true);
    expect(wait(admission).heard).toEqual(["queue-full"]);
    admission.leave();
    expect([first.heard, second.heard, admission.isFull]).toEqual([["place"], [], false]);
  });

  test("lets nobody pass who comes when a place is just given on", ({ expect }) => {
    const admission = createAdmission(1, 2);
    admission.enter();
    const heard: unknown[] = [];
    const first = {
      onPlace() {
        admission.leave();
        heard.push(admission.enter());
      },
      onRefused() {},
    };
    admission.wait(first, "");
    admission.wait({ onPlace: () => heard.push("second"), onRefused() {} }, "");
    admission.leave();
    expect(heard).toEqual([false, "second"]);
  });

  test("has room again when somebody leaves it", ({ expect }) => {
    const admission = createAdmission(1, 1);
    admission.enter();
    const gone = wait(admission);
    admission.withdraw(gone, "");
    const next = wait(admission);
    admission.leave();
    expect([gone.heard, next.heard]).toEqual([[], ["place"]]);
  });

  test("makes room for a caller with fewer in it, at the cost of the one with most", ({
    expect,
  }) => {
    const admission = createAdmission(1, 3);
    admission.enter();
    const [first, second, third] = [1, 2, 3].map(() => wait(admission, "a"));
    const other = wait(admission, "b");
    expect([third?.heard, other.heard]).toEqual([["queue-full"], []]);
    expect(wait(admission, "b").heard).toEqual(["queue-full"]);
    for (let count = 0; count < 2; count++) admission.leave();
    expect([first?.heard, second?.heard, other.heard]).toEqual([["place"], [], ["place"]]);
  });

  test("has those who come back before all others, without a limit, and never refuses them", ({
    expect,
  }) => {
    const admission = createAdmission(1, 1);
    admission.enter();
    const newcomer = wait(admission);
    const returning = [1, 2, 3].map(() => new Recorded());
    for (const waiter of returning) admission.waitAgain(waiter);
    admission.close();
    expect(newcomer.heard).toEqual(["stopping"]);
    for (let count = 0; count < 3; count++) admission.leave();
    expect(returning.map(({ heard }) => heard)).toEqual([["place"], ["place"], ["place"]]);
  });

  test("that is closed takes nobody any more, but places are still given", ({ expect }) => {
    const admission = createAdmission(1, 5);
    admission.close();
    expect([admission.enter(), admission.isFull]).toEqual([true, true]);
    expect(wait(admission).heard).toEqual(["stopping"]);
    admission.leave();
    expect(admission.enter()).toBe(true);
  });

  test("of ten thousand who give their place back at once is no deep recursion", ({ expect }) => {
    const admission = createAdmission(1, 10_000);
    admission.enter();
    let served = 0;
    const waiter = () => ({
      onPlace() {
        served++;
        admission.leave();
      },
      onRefused() {},
    });
    for (let count = 0; count < 10_000; count++) admission.wait(waiter(), "");
    admission.leave();
    expect([served, admission.enter()]).toEqual([10_000, true]);
  });
});
