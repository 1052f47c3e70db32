import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, test, vi } from "vitest";
import { StallTimer } from "../../../src/http/stall-timer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A socket with `waiting` bytes in it, of which a client takes some when the test says so. */
function createClient(waiting: number) {
  const handle = { bytesWritten: waiting, writeQueueSize: waiting };
  const response = { writableLength: waiting };
  const socket = {
    _handle: handle,
    destroyed: false,
    resetAndDestroy() {
      socket.destroyed = true;
    },
  };
  return {
    response: response as ServerResponse,
    socket: socket as unknown as Socket,
    /** Of a piece that is written as a whole, node says nothing until all of it is taken. */
    takePart(bytes: number) {
      handle.writeQueueSize -= bytes;
    },
    takeAll() {
      handle.writeQueueSize = 0;
      response.writableLength = 0;
    },
    give(bytes: number) {
      handle.bytesWritten += bytes;
      handle.writeQueueSize += bytes;
      response.writableLength += bytes;
    },
  };
}

describe("a client of whom its answer is waited for", () => {
  test("is cut when it has taken nothing for that time, and little later", ({ expect }) => {
    for (const timeoutMs of [50, 400, 2_000, 30_000]) {
      const { response, socket } = createClient(1_000);
      new StallTimer(response, socket, timeoutMs).start();
      vi.advanceTimersByTime(timeoutMs - 1);
      expect([timeoutMs, socket.destroyed]).toEqual([timeoutMs, false]);
      vi.advanceTimersByTime(Math.max(timeoutMs * 0.1, 20) + 1);
      expect([timeoutMs, socket.destroyed]).toEqual([timeoutMs, true]);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  test("is not cut as long as it takes a part of what it is given now and then", ({ expect }) => {
    const client = createClient(1_000);
    new StallTimer(client.response, client.socket, 1_000).start();
    for (let count = 0; count < 20; count++) {
      client.takePart(1);
      vi.advanceTimersByTime(900);
    }
    expect(client.socket.destroyed).toBe(false);
    vi.advanceTimersByTime(300);
    expect(client.socket.destroyed).toBe(true);
  });

  test("is not taken to have taken something because it is given more", ({ expect }) => {
    const client = createClient(1_000);
    new StallTimer(client.response, client.socket, 1_000).start();
    for (let count = 0; count < 11; count++) {
      vi.advanceTimersByTime(100);
      client.give(10);
    }
    expect(client.socket.destroyed).toBe(true);
  });

  test("is waited for no more when it has all, until there is more", ({ expect }) => {
    const client = createClient(1_000);
    const stall = new StallTimer(client.response, client.socket, 1_000);
    stall.start();
    client.takeAll();
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    client.give(10);
    stall.start();
    vi.advanceTimersByTime(1_101);
    expect(client.socket.destroyed).toBe(true);
  });

  test("need take nothing where there is no limit", ({ expect }) => {
    const { response, socket } = createClient(1_000);
    new StallTimer(response, socket, 0).start();
    expect(vi.getTimerCount()).toBe(0);
  });
});
