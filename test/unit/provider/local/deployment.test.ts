import { describe, test } from "vitest";
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
function createFailing() {
  const tries: Replica[] = [];
  const startReplica = ({ revision }: StoredFunction) => {
    const replica = { state: "starting", revision, drain() {} } as Partial<Replica> as Replica;
    tries.push(replica);
    return replica;
  };
  const logs = {} as Deployment["logs"];
  const deployment = new Deployment(stored, { startReplica, logs });
  deployment.reconcile();
  const fail = () => {
    const end = { reason: "it has ended", wasDraining: false, servedMs: 0 };
    deployment.lost(tries.at(-1) as Replica, end);
  };
  return { deployment, tries, fail };
}

describe("a function whose replicas fail", () => {
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
});
