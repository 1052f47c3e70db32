import { readFileSync } from "node:fs";
import { checkServerIdentity, type ConnectionOptions as TlsConnectionOptions } from "node:tls";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type TlsOptions,
} from "@nats-io/transport-node";
import { Bodies } from "./bodies.ts";
import type { Course, Intake } from "./course.ts";
import { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { type Names, namesOf, readSubject } from "./names.ts";
import { prepareStreams } from "./streams.ts";

/** Where NATS is, and who we are to it. */
export interface NatsAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** A file with a user's credentials as `nsc` makes it, `USER:PASSWORD`, or a token. */
  readonly credentialsFile: string | undefined;
  readonly channel: string;
  /** How many servers keep each message. */
  readonly replicas: number;
}

const CONNECT_MS = 5_000;
/** What does not answer twice is taken for dead. */
const PING_MS = 5_000;

/**
 * One connection and all that is known by it. When it ends, the session does: what happens while nobody follows could not be
 * told from what did not, so the next one reads everything anew.
 */
export class Session {
  readonly ledger = new Ledger();
  readonly names: Names;
  readonly journal: Journal;
  readonly bodies: Bodies;
  /** Resolves with the reason. */
  readonly ended: Promise<Error>;
  readonly #connection: NatsConnection;
  #reason: Error | undefined;

  private constructor(connection: NatsConnection, names: Names, journal: Journal, bodies: Bodies) {
    this.#connection = connection;
    this.names = names;
    this.journal = journal;
    this.bodies = bodies;
    this.ended = connection.closed().then((error) => {
      return this.#reason ?? (error || new Error("the connection was closed"));
    });
  }

  /** `onNews`: somebody has written something. Rejects with `QueueError` or one of the client. */
  static async open(address: NatsAddress, onNews: () => void): Promise<Session> {
    const names = namesOf(address.channel);
    const connection = await connect(toOptions(address));
    try {
      const manager = await jetstreamManager(connection);
      await prepareStreams(manager, names, address.replicas);
      const client = jetstream(connection);
      const bodies = new Bodies({
        journal: new Journal(client, manager, names.bodyStream),
        manager,
        names,
        maxMessageBytes: maxMessageBytesOf(connection),
      });
      const journal = new Journal(client, manager, names.stream);
      const session = new Session(connection, names, journal, bodies);
      await session.#follow(names.mark, onNews);
      return session;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Of one message, with its body. */
  get maxMessageBytes(): number {
    return maxMessageBytesOf(this.#connection);
  }

  get isOpen(): boolean {
    return !this.#connection.isClosed();
  }

  async close(reason?: Error): Promise<void> {
    this.#reason ??= reason;
    await this.#connection.close();
  }

  #follow(mark: string, onNews: () => void): Promise<void> {
    const { ledger } = this;
    return this.journal.follow(
      mark,
      ({ subject, seq, said }) => {
        const { kind, callId } = readSubject(subject);
        if (kind === "intake") ledger.noteIntake(callId, seq, said as Intake);
        else if (kind === "course") ledger.noteCourse(callId, seq, said as Course);
        ledger.pass(seq);
        onNews();
      },
      (error) => void this.close(error),
    );
  }
}

function toOptions({ host, port, tls, credentialsFile }: NatsAddress): ConnectionOptions {
  return {
    servers: `${host.includes(":") ? `[${host}]` : host}:${port}`,
    name: "breeze-gateway",
    // A session ends with its connection.
    reconnect: false,
    maxReconnectAttempts: 0,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    noAsyncTraces: true,
    ...(tls ? { tls: toTlsOptions(host) } : {}),
    ...(credentialsFile === undefined ? {} : readCredentials(credentialsFile)),
  };
}

/** What is here is given to Node as it is: the client itself would look for `localhost` where the host is an address. */
function toTlsOptions(host: string): TlsOptions {
  const options: TlsConnectionOptions = {
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  };
  return options as TlsOptions;
}

/** Read for each connection, since whoever renews them writes them anew. */
function readCredentials(file: string): Partial<ConnectionOptions> {
  const bytes = readFileSync(file);
  const text = bytes.toString().trim();
  if (text.includes("BEGIN NATS USER JWT")) return { authenticator: credsAuthenticator(bytes) };
  const colon = text.indexOf(":");
  if (colon === -1) return { token: text };
  return { user: text.slice(0, colon), pass: text.slice(colon + 1) };
}

/** As the server says; 1 MiB is its default. */
function maxMessageBytesOf({ info }: NatsConnection): number {
  return info?.max_payload ?? 1024 * 1024;
}
