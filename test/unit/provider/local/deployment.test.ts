import { afterEach, beforeEach, describe, test, vi } from "vitest";
import { Deployment } from "../../../../src/provider/local/deployment.ts";
import type { StoredFunction } from "../../../../src/provider/local/function-store.ts";
import type { Replica } from "../../../../src/provider/local/replica.ts";
import { functionSpec } from "../../../contract/provider/subject.ts";
import { LOCAL_SUBJECT } from "../../../support/start-local-provider.ts";

const stored: StoredFunction = {
  spec: functionSpec(LOCAL_SUBJECT),
  revision: "first",
  replicas: 1,
  createdAt: new Date(0),
};

/** A function whose replicas never come to answer: each try is in the list. */
function createFailing(replicas = 1) {
  const tries: Replica[] = [];
  const startReplica = ({ revision }: StoredFunction) => {
    const replica = { state: "starting", revision, drain() {} } as Partial<Replica> as Replica;
    tries.push(replica);
    return replica;
  };
  const logs = {} as Deployment["logs"];
  const deployment = new Deployment({ ...stored, replicas }, { startReplica, logs });
  deployment.reconcile();
  const fail = (replica = tries.at(-1) as Replica) => {
    const end = { reason: "it has ended", wasDraining: false, servedMs: 0 };
    deployment.lost(replica, end);
  };
  return { deployment, tries, fail };
}

describe("a function whose replicas fail", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("has no other one before its pause is over", ({ expect }) => {
    const { deployment, tries, fail } = createFailing();
    fail();
    deployment.reconcile();
    expect(tries).toHaveLength(1);
    deployment.end();
  });

  test("is tried at once when it is woken from zero, however long its pause was", ({ expect }) => {
    const { deployment, tries, fail } = createFailing();
    fail();
    deployment.set({ ...stored, replicas: 0 });
    deployment.set(stored);
    expect(tries).toHaveLength(2);
    deployment.end();
  });

  test("is scaled up at once, while the one that failed goes on waiting", ({ expect }) => {
    const { deployment, tries, fail } = createFailing();
    fail();
    deployment.set({ ...stored, replicas: 3 });
    expect(tries).toHaveLength(3);
    vi.advanceTimersByTime(99);
    expect(tries).toHaveLength(3);
    vi.advanceTimersByTime(1);
    expect(tries).toHaveLength(4);
    deployment.end();
  });

  test("has those that end together back one after the other", ({ expect }) => {
    const { deployment, tries, fail } = createFailing(3);
    for (const replica of [...tries]) fail(replica);
    const counts = [100, 100, 200].map((ms) => {
      vi.advanceTimersByTime(ms);
      return tries.length;
    });
    expect(counts).toEqual([4, 5, 6]);
    deployment.end();
  });

  test("waits for none that is not wanted any more", ({ expect }) => {
    const { deployment, tries, fail } = createFailing(2);
    fail();
    deployment.set(stored);
    deployment.set({ ...stored, replicas: 2 });
    expect(tries).toHaveLength(3);
    vi.advanceTimersByTime(60_000);
    expect(tries).toHaveLength(3);
    deployment.end();
  });
});
