/** A buffer of nothing, for all who need one. */
export const NO_BYTES = Buffer.alloc(0);
