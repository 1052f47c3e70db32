export interface Row {
  readonly method: string;
  readonly path: string;
  readonly body: object;
}

/** What may be made, changed and removed: nothing that anybody else asks. */
const NAME = "may-be";
const asleep = { "com.openfaas.scale.zero": "true", "com.openfaas.scale.min": "0" };
const deployment = {
  ...{
    service: NAME,
    image: "x",
    envProcess: "cat",
    namespace: "",
    network: "y",
    constraints: null,
  },
  ...{
    labels: { ...asleep, a: "b" },
    annotations: { "breeze.description": "c" },
    envVars: { d: "e" },
  },
  ...{
    limits: { memory: "64Mi", cpu: "100m" },
    readOnlyRootFilesystem: true,
    registryAuth: "YTpi",
  },
};
const alert = {
  status: "firing",
  labels: { alertname: "APIHighInvocationRate", function_name: NAME },
};
const secret = { name: NAME, namespace: "", value: "f", rawValue: "Zg==" };

/** Every row that reads a body. */
export const ROWS: readonly Row[] = [
  { method: "POST", path: "/system/functions", body: deployment },
  { method: "PUT", path: "/system/functions", body: deployment },
  { method: "DELETE", path: "/system/functions", body: { functionName: NAME } },
  {
    method: "POST",
    path: `/system/scale-function/${NAME}s`,
    body: { serviceName: NAME, replicas: 0 },
  },
  { method: "POST", path: "/system/secrets", body: secret },
  { method: "PUT", path: "/system/secrets", body: secret },
  { method: "DELETE", path: "/system/secrets", body: { name: NAME } },
  {
    method: "POST",
    path: `/system/namespace/${NAME}`,
    body: { name: NAME, labels: { openfaas: "1" } },
  },
  {
    method: "PUT",
    path: `/system/namespace/${NAME}`,
    body: { name: NAME, annotations: { a: "b" } },
  },
  { method: "DELETE", path: `/system/namespace/${NAME}`, body: { name: NAME } },
  {
    method: "POST",
    path: "/system/alert",
    body: { receiver: "scale-up", status: "firing", alerts: [alert] },
  },
  {
    method: "POST",
    path: "/system/async-report",
    body: { name: NAME, statusCode: 200, timeTaken: 0.1 },
  },
  { method: "POST", path: "/system/dead-letters", body: { callIds: ["x"] } },
  { method: "DELETE", path: "/system/dead-letters", body: { callIds: "all" } },
];
