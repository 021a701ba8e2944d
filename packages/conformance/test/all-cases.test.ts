import { expect, test } from "vitest";
import { CAPABILITIES } from "../src/capabilities.ts";
import { allCases } from "../src/cases/all-cases.ts";

test("ids are unique, and made of a topic and of what holds", () => {
  const ids = allCases.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z]+\/[A-Za-z0-9+.-]+$/.test(id))).toEqual([]);
});

test("every capability is needed by some case", () => {
  const needed = new Set(allCases.flatMap(({ needs = [] }) => needs));
  expect(Object.keys(CAPABILITIES).filter((name) => !needed.has(name as keyof typeof CAPABILITIES))).toEqual(
    [],
  );
});
