import fc from "fast-check";
import { BODY_COMPLETE, frame, HOLD, startFrame } from "./spawner-frames.ts";

/** Mostly frames that are nearly right: their numbers are wrong, or their bytes. */
export function anyFrame(): fc.Arbitrary<Buffer> {
  const word = fc.oneof(
    fc.nat(40),
    fc.constantFrom(0, 1, 15, 16, 65_535, 0x7fffffff, 0xffffffff),
    fc.nat(),
  );
  const head = fc.record({
    id: word,
    flags: fc.nat(255),
    a: fc.oneof(fc.nat(9), fc.nat(65_535)),
    b: word,
  });
  const loose = fc
    .tuple(fc.nat(7), head, fc.uint8Array({ maxLength: 300 }))
    .map(([type, fields, payload]) => frame(type, fields, payload));
  const start = fc
    .tuple(
      fc.integer({ min: 1, max: 0xffffffff }),
      fc.nat(15),
      fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 5_000 }),
      fc.nat(50),
    )
    .map(([id, flags, environment, body, deadlineMs]) =>
      startFrame(id, { flags: flags | BODY_COMPLETE | HOLD, environment, body, deadlineMs }),
    );
  const bent = fc.tuple(start, fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
    const copy = Buffer.from(bytes);
    copy[at % Math.min(copy.length, 40)] = value;
    return copy;
  });
  return fc.oneof(loose, start, bent);
}
