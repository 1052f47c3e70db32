import type { ProcessesEvents } from "../../src/process/run.ts";
import { SpawnerClient } from "../../src/process/spawner/client.ts";
import type { SpawnerConnection, SpawnerReceiver } from "../../src/process/spawner/connection.ts";
import type { SendHandle } from "../../src/process/spawner/handle-channel.ts";

interface FrameFields {
  readonly id?: number;
  readonly flags?: number;
  readonly a?: number;
  readonly b?: number;
}

/** A frame as the spawner sends it. */
export function makeFrame(type: number, fields: FrameFields = {}, payload: string | Buffer = "") {
  const content = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + content.length, 0);
  header.writeUInt32LE(fields.id ?? 0, 4);
  header[8] = type;
  header[9] = fields.flags ?? 0;
  header.writeUInt16LE(fields.a ?? 0, 10);
  header.writeUInt32LE(fields.b ?? 0, 12);
  return Buffer.concat([header, content]);
}

/** The wire to a spawner that does only what the test says. */
export class FakeSpawner implements SpawnerConnection {
  readonly client: SpawnerClient;
  readonly sent: Buffer[] = [];
  /** What Node sent over the handle channel. */
  readonly handed: {
    readonly message: object;
    readonly handle: unknown;
    readonly onSent: Parameters<SendHandle>[2];
  }[] = [];
  readonly lost: string[] = [];
  readonly warnings: string[] = [];
  receiver!: SpawnerReceiver;

  constructor(events: Partial<ProcessesEvents> = {}) {
    this.client = new SpawnerClient(this, "BREEZE_SESSION=none", {
      onLost: (message) => this.lost.push(message),
      onWarning: (message) => this.warnings.push(message),
      onSignal: () => {},
      ...events,
    });
  }

  connect(receiver: SpawnerReceiver): void {
    this.receiver = receiver;
  }

  send(frame: Buffer): void {
    this.sent.push(frame);
  }

  readonly sendHandle: SendHandle = (message, handle, onSent) => {
    this.handed.push({ message, handle, onSent });
  };

  async close(): Promise<void> {}

  /** The id in the last frame that Node sent. */
  get lastId(): number {
    return this.sent.at(-1)?.readUInt32LE(4) ?? 0;
  }

  /** The types of what Node sent. */
  get sentTypes(): (number | undefined)[] {
    return this.sent.map((frame) => frame[8]);
  }

  says(...frames: readonly Buffer[]): void {
    this.receiver.onBytes(Buffer.concat(frames));
  }
}
