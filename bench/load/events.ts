import { connect } from "node:net";

/** Reads events on many connections, and notes how old each one is. Started by `readEvents`. */
interface EventsOptions {
  readonly port: number;
  readonly clients: number;
  readonly seconds: number;
}

export interface EventsResult {
  readonly events: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Connections are made, code is compiled. */
const warmUpMs = 1_000;

if (import.meta.main) {
  console.log(JSON.stringify(await read(JSON.parse(process.argv[2] ?? "") as EventsOptions)));
}

async function read({ port, clients, seconds }: EventsOptions): Promise<EventsResult> {
  const agesMs: number[] = [];
  let isWarm = false;
  const sockets = Array.from({ length: clients }, () => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.write("GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      if (!isWarm) return;
      const nowMicros = (performance.timeOrigin + performance.now()) * 1e3;
      for (const [, micros] of text.matchAll(/data: (\d{16})\n/g)) {
        agesMs.push((nowMicros - Number(micros)) / 1e3);
      }
    });
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, warmUpMs));
  isWarm = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1e3));
  for (const socket of sockets) socket.destroy();
  agesMs.sort((one, other) => one - other);
  const at = (share: number) => agesMs[Math.floor(agesMs.length * share)] ?? Number.NaN;
  return { events: agesMs.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}
