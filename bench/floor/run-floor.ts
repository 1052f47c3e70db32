export interface FloorOptions {
  readonly concurrency: number;
  readonly seconds: number;
}
export interface FloorResult {
  readonly runsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
export async function runFloor(_options: FloorOptions): Promise<FloorResult> {
  throw new Error("not yet");
}
