import type { Endpoint, FunctionId } from "../../src/provider/provider.ts";
import { MemoryProvider } from "../../test/support/memory-provider.ts";

/** Has one replica of each function, which somebody else has started: whatever listens on the port. */
export class UpstreamProvider extends MemoryProvider {
  readonly #port: number;

  constructor(port: number) {
    super();
    this.#port = port;
  }

  override async endpoints(id: FunctionId): Promise<Endpoint[]> {
    await this.describe(id);
    return [{ id: id.name, host: "127.0.0.1", port: this.#port, maxInflight: undefined }];
  }
}
