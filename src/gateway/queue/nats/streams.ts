import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { QueueError } from "../queue.ts";
import type { Names } from "./names.ts";

/** Only ever raised: what an older program wrote must be understood for ever. */
const VERSION = 1;
const DESCRIPTION = "Invocations of the Breeze gateway, version";

/**
 * Makes the streams where they are missing; twice is once. Throws `newer` for those of a newer program and `unusable` where
 * they are somebody else's.
 */
export async function prepareStreams(
  manager: JetStreamManager,
  names: Names,
  replicas: number,
): Promise<void> {
  const common = {
    description: `${DESCRIPTION} ${VERSION}`,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    // Rather refuse than lose, where somebody sets limits.
    discard: DiscardPolicy.New,
    allow_direct: true,
    num_replicas: replicas,
  };
  await prepareStream(manager, {
    ...common,
    name: names.stream,
    subjects: [...names.streamSubjects],
    max_msgs_per_subject: 1,
  });
  await prepareStream(manager, {
    ...common,
    name: names.bodyStream,
    subjects: [...names.bodySubjects],
  });
}

type Wanted = Partial<StreamConfig> & Pick<StreamConfig, "name" | "subjects" | "num_replicas">;

async function prepareStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const found = await findStream(manager, wanted.name);
  if (found === undefined) {
    await manager.streams.add(wanted);
    return;
  }
  check(found, wanted);
  if (found.num_replicas === wanted.num_replicas) return;
  await manager.streams.update(wanted.name, { num_replicas: wanted.num_replicas });
}

async function findStream(
  manager: JetStreamManager,
  name: string,
): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    const { StreamNotFound } = JetStreamApiCodes;
    if (error instanceof JetStreamApiError && error.code === StreamNotFound) return undefined;
    throw error;
  }
}

function check({ description = "", subjects }: StreamConfig, { name, subjects: ours }: Wanted) {
  const version = Number(description.startsWith(DESCRIPTION) ? description.split(" ").at(-1) : 0);
  if (version === 0 || [...subjects].sort().join() !== [...ours].sort().join()) {
    const message = `the stream ${name} is not this program's: name another faas_nats_channel`;
    throw new QueueError("unusable", message);
  }
  if (version > VERSION) {
    throw new QueueError(
      "newer",
      `the stream ${name} has version ${version}, and this program knows up to ${VERSION}: start the newer program, or name another faas_nats_channel`,
    );
  }
}
