import { Admission } from "../../src/watchdog/admission.ts";
import { Place } from "../../src/watchdog/place.ts";
import { RecordedTelemetry } from "./recorded-telemetry.ts";

export const TIMEOUT_MS = 1_000;

export function createQueue(limit: number, maxQueue: number) {
  const telemetry = new RecordedTelemetry();
  const admission = new Admission({ limit, maxQueue, queueTimeoutMs: TIMEOUT_MS, telemetry });
  return { telemetry, admission };
}

/** A request that asks for a place, waits if it must, and says what became of it. */
export class Visitor {
  readonly place: Place;
  readonly caller: string;
  readonly events: string[] = [];

  constructor(admission: Admission, caller = "") {
    this.place = new Place(admission);
    this.caller = caller;
    if (this.place.take()) this.events.push("place");
    else this.place.wait(this.receiver, caller);
  }

  get receiver() {
    return {
      onPlace: () => void this.events.push("place"),
      onRefused: (refusal: string) => void this.events.push(refusal),
    };
  }

  get state(): string {
    return this.events.at(-1) ?? "waiting";
  }

  /** Its body takes its time. */
  goAway(): void {
    this.events.push("away");
    this.place.leave();
  }

  comeBack(): void {
    if (this.place.take()) {
      this.events.push("place");
    } else {
      this.events.push("returning");
      this.place.waitAgain(this.receiver);
    }
  }

  /** As an invocation ends, whatever it was doing. */
  end(): void {
    this.events.push("end");
    this.place.stopWaiting();
    this.place.leave();
  }
}
