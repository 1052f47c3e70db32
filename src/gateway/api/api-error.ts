/** A request that cannot be granted: what the client is told. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  /** `message`: a sentence that names what was wrong and what was expected. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
