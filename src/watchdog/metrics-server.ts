export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/metrics` and nothing else. Rejects with `LISTEN_FAILED`. */
export function startMetricsServer(
  _port: number,
  _host: string | undefined,
  _metrics: () => string,
): Promise<MetricsServer> {
  throw new Error("not written yet");
}
