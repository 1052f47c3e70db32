import type { Socket } from "node:net";
import { describe, test } from "vitest";
import { SPLICED } from "../../../../src/process/spawner/frames.ts";
import { FakeSpawner, makeFrame } from "../../../support/fake-spawner.ts";

const socket = (name: string) => ({ _handle: name }) as unknown as Socket;

function start() {
  const spawner = new FakeSpawner();
  const over: [number, string][] = [];
  const splice = spawner.client.splice(socket("from"), socket("to"), 1000, (taken, rest) =>
    over.push([taken, rest.toString()]),
  );
  return { spawner, splice, over };
}

function spliced(id: number, taken: bigint, rest = ""): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64LE(taken);
  return makeFrame(SPLICED, { id }, Buffer.concat([payload, Buffer.from(rest)]));
}

const handedBy = ({ handed }: FakeSpawner) =>
  handed.map(({ message, handle }) => [message, handle]);

describe("a splice", () => {
  test("hands both sockets over, the size with the second, and is over once", ({ expect }) => {
    const { spawner, over } = start();
    expect(handedBy(spawner)).toEqual([
      [{ splice: [1, 0, 0] }, "from"],
      [{ splice: [1, 1, 1000] }, "to"],
    ]);
    spawner.says(spliced(2, 1n), spliced(1, 5_000_000_000n, "rest"), spliced(1, 7n));
    expect(over).toEqual([[5_000_000_000, "rest"]]);
  });

  test("that was stopped is told of no more", ({ expect }) => {
    const { spawner, splice, over } = start();
    splice.stop();
    splice.stop();
    expect(handedBy(spawner).slice(2)).toEqual([[{ splice: [1, 0, 0] }, undefined]]);
    spawner.says(spliced(1, 7n));
    expect(over).toEqual([]);
  });

  test("whose socket cannot be sent has moved nothing, and leaves nothing behind", ({ expect }) => {
    const { spawner, over } = start();
    const error = new Error("the channel is closed");
    spawner.handed[0]?.onSent(null);
    spawner.handed[1]?.onSent(error);
    spawner.handed[0]?.onSent(error);
    expect(over).toEqual([[0, ""]]);
    expect(handedBy(spawner).slice(2)).toEqual([[{ splice: [1, 0, 0] }, undefined]]);
  });
});
