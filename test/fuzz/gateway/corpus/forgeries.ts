import { ask } from "./ask.ts";

const json = (value: object) => JSON.stringify(value);

/** What nobody may do who has not said who he is. What it would make is called `forged`. */
export const forgeries: readonly string[] = [
  ask("POST", "/system/functions", "", json({ service: "forged", image: "x", envProcess: "cat" })),
  ask("DELETE", "/system/functions", "", json({ functionName: "echo" })),
  ask("POST", "/system/secrets", "", json({ name: "forged", value: "x" })),
  ask("DELETE", "/system/secrets", "", json({ name: "kept" })),
  ask("POST", "/system/scale-function/echo", "", json({ replicas: 0 })),
  ask("POST", "/system/namespace/forged", "", json({ name: "forged", labels: { openfaas: "1" } })),
  ask("GET", "/function/echo/smuggled", "X-Start-Time: forged\r\n"),
];
