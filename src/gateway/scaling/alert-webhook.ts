import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import { type AlertArithmetic, stepForAlert } from "./alert-step.ts";
import { type Alert, parseAlerts } from "./alerts.ts";
import { readScalingLimits } from "./limits.ts";
import { messageOf, type ScaleOrders } from "./scale-orders.ts";
import type { OnScalingEvent } from "./scaling-event.ts";

export interface AlertWebhookOptions {
  readonly arithmetic: AlertArithmetic;
  /** False: alerts are taken and nothing comes of them. */
  readonly isChosen: boolean;
  readonly provider: Pick<Provider, "describe">;
  readonly orders: ScaleOrders;
  /** What `NAME` or `NAME.NAMESPACE` means; `undefined`: it cannot be a function's. */
  readonly parseName: (text: string) => FunctionId | undefined;
  readonly onEvent: OnScalingEvent;
}

export interface AlertAnswer {
  readonly status: 200 | 400 | 500;
  readonly body: string;
}

/** What Alertmanager, or a test of it, gets from `POST /system/alert`. */
export class AlertWebhook {
  readonly #options: AlertWebhookOptions;
  #hasToldNotChosen = false;

  constructor(options: AlertWebhookOptions) {
    this.#options = options;
  }

  /** Each alert by itself, in their order. 500 only where a number could not be set: so Alertmanager tries again. */
  async answer(body: string, signal?: AbortSignal): Promise<AlertAnswer> {
    const alerts = parseAlerts(body);
    if (alerts === undefined) return { status: 400, body: "Unable to parse alert, bad format." };
    if (!this.#options.isChosen) {
      this.#tellNotChosen();
      return { status: 200, body: "" };
    }
    const failures: string[] = [];
    for (const alert of alerts) {
      const failure = await this.#follow(alert, signal);
      if (failure !== undefined) failures.push(`[${failures.length}] ${failure}\n`);
    }
    return { status: failures.length === 0 ? 200 : 500, body: failures.join("") };
  }

  #tellNotChosen(): void {
    if (this.#hasToldNotChosen) return;
    this.#hasToldNotChosen = true;
    this.#options.onEvent({ kind: "alertsNotChosen" });
  }

  async #follow(alert: Alert, signal: AbortSignal | undefined): Promise<string | undefined> {
    const { parseName, orders } = this.#options;
    const id = parseName(alert.functionName);
    if (id === undefined) return undefined;
    return await orders.take(id, () => this.#step(id, alert.isFiring, signal));
  }

  async #step(
    id: FunctionId,
    isFiring: boolean,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const { arithmetic, provider, orders } = this.#options;
    // Rules go on firing for a while about a function that was removed: nobody could do anything about it.
    const state = await provider.describe(id, signal).catch(() => undefined);
    // What ends is no reason to wake what sleeps.
    if (state === undefined || (state.replicas === 0 && !isFiring)) return undefined;
    const { replicas: from, labels } = state;
    const { limits } = readScalingLimits(labels);
    const to = stepForAlert(arithmetic, { current: from, isFiring, limits });
    if (to === from) return undefined;
    try {
      await orders.scale({ id, from, to, reason: "alert" }, signal);
      return undefined;
    } catch (error) {
      return isNotFound(error) ? undefined : messageOf(error);
    }
  }
}
