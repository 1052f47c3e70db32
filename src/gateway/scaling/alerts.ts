import { z } from "zod";

const text = z.string().nullish();
const alert = z.object({
  status: text,
  labels: z.object({ alertname: text, function_name: text }).nullish(),
});

/** What is read of the body of Alertmanager's webhook, versions 3 and 4; the rest is left alone. */
export const alertBodySchema = z
  .object({ status: text, receiver: text, alerts: z.array(alert.nullish()).nullish() })
  .nullable();

/** One alert about a function. */
export interface Alert {
  readonly isFiring: boolean;
  /** `name`, or `name.namespace`. */
  readonly functionName: string;
}

/** Those that name a function, in their order. `undefined`: it is none of Alertmanager's. */
export function parseAlerts(body: string): Alert[] | undefined {
  const parsed = alertBodySchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  return (parsed.data?.alerts ?? []).flatMap((one) => {
    const functionName = one?.labels?.function_name ?? "";
    return functionName === "" ? [] : [{ isFiring: one?.status === "firing", functionName }];
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
