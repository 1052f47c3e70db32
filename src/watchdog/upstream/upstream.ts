import { Backoff } from "../../core/backoff.ts";
import type { Bill, Outcome } from "../../process/outcome.ts";
import type { Processes, Run, RunListener } from "../../process/run.ts";
import { describeFailure } from "../failure.ts";
import type { FunctionLog, Telemetry } from "../telemetry.ts";

/** Before a function that ends again and again is started once more. */
const LONGEST_PAUSE_MS = 10_000;

/** A request that came before the function could take it. */
export interface HeldRequest {
  /** Now it can. */
  onReady(): void;
  /** It has ended before it ever could. */
  onGivenUp(): void;
}

export interface UpstreamOptions {
  readonly command: readonly string[];
  readonly processes: Pick<Processes, "start">;
  readonly telemetry: Telemetry;
  /** Whether it can be asked by now. Never rejects. */
  check(): Promise<boolean>;
  /** It has begun to serve, or has ended, for health to say so. */
  onChange(isUp: boolean): void;
}

/** As many requests wait for the function at a time: each is a connection and its head. */
const MOST_HELD = 1024;
const CHECK_MS = 10;
const RAREST_CHECK_MS = 250;

/** `resting`: it has ended, and is started again when some time has passed. */
type State = "starting" | "ready" | "resting" | "stopped";

/** The function's own life, where it serves HTTP itself: started, waited for, started again when it ends. */
export class Upstream implements RunListener {
  readonly #options: UpstreamOptions;
  readonly #backoff = new Backoff(LONGEST_PAUSE_MS);
  readonly #held = new Set<HeldRequest>();
  readonly #gone = Promise.withResolvers<void>();
  #logs: Readonly<Record<"stdout" | "stderr", FunctionLog>>;
  #state: State = "resting";
  #run: Run | undefined;
  #outcome: Outcome | undefined;
  #readySince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#logs = this.#openLogs();
    this.#start();
  }

  /** It takes requests. */
  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Calls one of the listener's functions, later, unless it is released before. False: as many wait as may, or it just ended. */
  hold(request: HeldRequest): boolean {
    if (this.#state === "resting" || this.#state === "stopped") return false;
    if (this.#held.size >= MOST_HELD) return false;
    this.#held.add(request);
    return true;
  }

  release(request: HeldRequest): void {
    this.#held.delete(request);
  }

  /** Nobody listened just now: it is waited for again. */
  unreachable(): void {
    if (this.#state !== "ready") return;
    this.#state = "starting";
    this.#options.onChange(false);
    this.#check(CHECK_MS);
  }

  /** TERM, grace, KILL; resolves when nothing of it is left. Never rejects. */
  stop(): Promise<void> {
    if (this.#state === "stopped") return this.#gone.promise;
    this.#state = "stopped";
    clearTimeout(this.#timer);
    this.#giveUpHeld();
    if (this.#run === undefined) this.#gone.resolve();
    else this.#run.terminate("aborted");
    return this.#gone.promise;
  }

  onOutput(chunk: Buffer): void {
    this.#logs.stdout.write(chunk);
  }

  onErrorOutput(chunk: Buffer): void {
    this.#logs.stderr.write(chunk);
  }

  onOutcome(outcome: Outcome): void {
    this.#outcome = outcome;
    if (this.#state === "stopped") return;
    const wasReady = this.#readySince !== undefined;
    this.#state = "resting";
    clearTimeout(this.#timer);
    this.#options.onChange(false);
    const reason = describeFailure(outcome, this.#options.command);
    this.#options.telemetry.error(`Forked function has terminated: ${reason}`);
    if (!wasReady) this.#giveUpHeld();
  }

  onGone(bill: Bill): void {
    this.#logs.stdout.end();
    this.#logs.stderr.end();
    this.#run = undefined;
    this.#options.telemetry.processEnded((this.#outcome as Outcome).kind, bill);
    if (this.#state === "stopped") this.#gone.resolve();
    else this.#rest();
  }

  onControlOutput(): void {}
  onInputDrain(): void {}
  onInputClosed(): void {}

  #rest(): void {
    const servedMs = this.#readySince === undefined ? 0 : performance.now() - this.#readySince;
    const pauseMs = this.#backoff.next(servedMs);
    this.#options.telemetry.info(`The function is started again in ${pauseMs} ms.`);
    this.#timer = setTimeout(() => this.#start(), pauseMs);
  }

  #start(): void {
    this.#state = "starting";
    this.#readySince = undefined;
    this.#logs = this.#openLogs();
    this.#check(CHECK_MS);
    this.#run = this.#options.processes.start(
      {
        environment: "",
        // Its input stays open and empty, as of-watchdog has it: some programs end with their input.
        body: undefined,
        deadlineMs: 0,
        combineOutput: false,
        holdOutput: false,
      },
      this,
    );
  }

  #openLogs() {
    const { telemetry } = this.#options;
    return { stdout: telemetry.functionLog("stdout"), stderr: telemetry.functionLog("stderr") };
  }

  #check(pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const run = this.#run;
      void this.#options.check().then((isThere) => {
        // Whatever has answered is not the one that runs now.
        if (this.#state !== "starting" || this.#run !== run || run === undefined) return;
        if (isThere) this.#becomeReady();
        else this.#check(Math.min(pauseMs * 1.5, RAREST_CHECK_MS));
      });
    }, pauseMs);
  }

  #becomeReady(): void {
    this.#state = "ready";
    this.#readySince ??= performance.now();
    this.#options.onChange(true);
    const held = [...this.#held];
    this.#held.clear();
    for (const request of held) request.onReady();
  }

  #giveUpHeld(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const request of held) request.onGivenUp();
  }
}
