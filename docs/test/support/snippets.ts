import { readFileSync } from "node:fs";
import type { Page } from "./pages.ts";

/** A block of TypeScript in a page, made into a module. */
export interface Snippet {
  /** Where it is, such as `README.md:42`. */
  readonly name: string;
  /** The whole module: what its setup puts before and after the block, too. */
  readonly code: string;
  /** How many lines of the module stand before the block's first. */
  readonly linesBefore: number;
  /** The block's first line in its page. */
  readonly line: number;
  /** Whether it is run, and not only type-checked. */
  readonly runs: boolean;
  /** What it has to print, in this order: the texts of its `// =>` comments. */
  readonly prints: readonly string[];
}

/**
 * A block, with the comment that may stand before it: `<!-- snippet: client -->`
 * names the file in `setups/` to wrap around it.
 */
const BLOCK = /(?:<!-- snippet: (?<setup>[a-z-]+) -->\s+)?^```ts(?<info>[^\n]*)\n(?<code>.*?)^```$/gms;

/** The TypeScript blocks of a page. */
export function snippetsOf({ path, text }: Page): Snippet[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const { setup = "none", info = "", code = "" } = match.groups ?? {};
    const { before, after } = readSetup(setup);
    const start = match.index + match[0].indexOf("```ts");
    const line = text.slice(0, start).split("\n").length + 1;
    return {
      name: `${path}:${line}`,
      code: before + code + after,
      linesBefore: before.split("\n").length - 1,
      line,
      runs: !info.includes("no-run"),
      prints: [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, expected]) => expected!.trim()),
    };
  });
}

const PLACE = "// --- the snippet ---\n";

function readSetup(name: string): { before: string; after: string } {
  const text = readFileSync(new URL(`../setups/${name}.ts`, import.meta.url), "utf8");
  const place = text.indexOf(PLACE);
  if (place < 0) throw new Error(`setups/${name}.ts has no line "${PLACE.trim()}"`);
  return { before: text.slice(0, place), after: text.slice(place + PLACE.length) };
}
