import { onTestFinished, test, vi } from "vitest";
import { Deadlines } from "../../../../src/gateway/invoke/deadlines.ts";

function createDeadlines(limitMs: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const passed: string[] = [];
  const deadlines = new Deadlines(limitMs);
  const limited = (name: string, onPassed = () => {}) => ({
    onDeadlinePassed() {
      passed.push(name);
      onPassed();
    },
  });
  return { deadlines, passed, limited };
}

test("each is told when its own time is over, with one timer for all", ({ expect }) => {
  const { deadlines, passed, limited } = createDeadlines(100);
  deadlines.start(limited("a"));
  vi.advanceTimersByTime(60);
  deadlines.start(limited("b"));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(40);
  expect(passed).toEqual(["a"]);
  vi.advanceTimersByTime(59);
  expect(passed).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect([passed, vi.getTimerCount()]).toEqual([["a", "b"], 0]);
});

test("who has ended is not told, and who begins again has all of the time again", ({ expect }) => {
  const { deadlines, passed, limited } = createDeadlines(100);
  const [a, b] = [limited("a"), limited("b")];
  deadlines.start(a);
  deadlines.start(b);
  vi.advanceTimersByTime(99);
  deadlines.end(a);
  deadlines.start(b);
  vi.advanceTimersByTime(99);
  expect(passed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual(["b"]);
});

test("who begins while others are told is told in time, and nobody twice", ({ expect }) => {
  const { deadlines, passed, limited } = createDeadlines(100);
  deadlines.start(limited("a", () => deadlines.start(limited("c"))));
  vi.advanceTimersByTime(50);
  deadlines.start(limited("b"));
  vi.advanceTimersByTime(100);
  expect(passed).toEqual(["a", "b"]);
  vi.advanceTimersByTime(50);
  expect([passed, vi.getTimerCount()]).toEqual([["a", "b", "c"], 0]);
});
