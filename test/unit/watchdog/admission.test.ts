import { test } from "vitest";
import { createAdmission } from "../../../src/watchdog/admission.ts";

test("as many enter as there are places, and one more for each who leaves", ({ expect }) => {
  const admission = createAdmission(2);
  expect([admission.enter(), admission.isFull, admission.enter()]).toEqual([true, false, true]);
  expect([admission.isFull, admission.enter()]).toEqual([true, false]);
  admission.leave();
  expect([admission.isFull, admission.enter(), admission.enter()]).toEqual([false, true, false]);
});

test("without a limit nobody is turned away", ({ expect }) => {
  const admission = createAdmission(0);
  for (let count = 0; count < 1_000; count++) expect(admission.enter()).toBe(true);
  expect(admission.isFull).toBe(false);
});
