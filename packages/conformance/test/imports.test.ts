import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

test("the suite imports core alone, so that it runs in workers and pages", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const imports = files
    .filter((file) => file !== "vitest.ts")
    .flatMap((file) => [
      ...readFileSync(source + file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g),
    ])
    .map((match) => match[1]);
  expect(new Set(imports.filter((specifier) => !specifier?.startsWith(".")))).toEqual(
    new Set(["@vectron/core"]),
  );
});
