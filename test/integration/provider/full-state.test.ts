import type { DatabaseSync } from "node:sqlite";
import { onTestFinished, test } from "vitest";
import { createFunctionStore } from "../../../src/provider/local/function-store.ts";
import { createNamespaceStore } from "../../../src/provider/local/namespace-store.ts";
import { createReplicaStore } from "../../../src/provider/local/replica-store.ts";
import { createSecretStore } from "../../../src/provider/local/secret-store.ts";
import { openState } from "../../../src/provider/local/state-database.ts";
import { functionSpec } from "../../contract/provider/subject.ts";
import { LOCAL_SUBJECT } from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const NAMESPACE = "openfaas-fn";

function openStores(): { database: DatabaseSync; large: string } {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const database = openState(folder.path);
  onTestFinished(() => database.close());
  return { database, large: "x".repeat(1_000_000) };
}

const fill = (database: DatabaseSync) => database.exec("PRAGMA max_page_count = 1");
const clear = (database: DatabaseSync) => database.exec("PRAGMA max_page_count = 100000");

test("what there is no room for is refused with words, leaves nothing behind, and is taken when there is room", ({
  expect,
}) => {
  const { database, large } = openStores();
  const functions = createFunctionStore(database);
  const secrets = createSecretStore(database);
  const namespaces = createNamespaceStore(database, NAMESPACE);
  const labels = { large };
  const stored = {
    spec: functionSpec(LOCAL_SUBJECT, { labels }),
    revision: "1",
    replicas: 1,
    createdAt: new Date(),
  };
  const secret = { name: "key", namespace: NAMESPACE, value: Buffer.from(large) };
  const acts = [
    () => functions.put(stored),
    () => secrets.create(secret),
    () => namespaces.create({ name: "staging", labels, annotations: {} }),
  ];
  fill(database);
  const refused = expect.objectContaining({
    code: "full",
    message: "there is no room on the disk of data_dir to write it down",
  });
  for (const act of acts) expect(act).toThrow(refused);
  expect([functions.all(), secrets.list(NAMESPACE), namespaces.list().length]).toEqual([[], [], 1]);
  clear(database);
  for (const act of acts) act();
  expect(
    [functions.all(), secrets.list(NAMESPACE), namespaces.list()].map(({ length }) => length),
  ).toEqual([1, 1, 2]);
});

test("a process that cannot be written down is not started, for nobody would find it again", ({
  expect,
}) => {
  const { database, large } = openStores();
  const store = createReplicaStore(database, () => {});
  fill(database);
  const functionId = { name: large, namespace: NAMESPACE };
  const process = { pid: 1, startedAt: "1", port: undefined, isDraining: false };
  const add = () => store.add({ id: "a", functionId, revision: "1", ...process });
  expect(add).toThrow(expect.objectContaining({ code: "full" }));
  expect(store.all()).toEqual([]);
});
