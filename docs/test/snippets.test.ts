import { beforeAll, describe, expect, it } from "vitest";
import { checkTypes } from "./support/check-types.ts";
import { isForUsers } from "./support/documented.ts";
import { readPages } from "./support/pages.ts";
import { SnippetRunner } from "./support/snippet-runner.ts";
import { type Snippet, snippetsOf } from "./support/snippets.ts";

const snippets = readPages().filter(isForUsers).flatMap(snippetsOf);

describe("every snippet of TypeScript in the documentation", () => {
  const runner = new SnippetRunner();
  let errors: ReadonlyMap<string, string[]>;
  beforeAll(() => {
    errors = checkTypes(snippets);
  });

  it("is found", () => {
    expect(snippets.length).toBeGreaterThan(40);
  });

  it.each(snippets)("has right types: $name", ({ name }) => {
    expect(errors.get(name)).toEqual([]);
  });

  it.each(snippets.filter(({ runs }) => runs))("runs, and prints what it says: $name", async (snippet) => {
    expectInOrder(await runner.run(snippet), snippet.prints);
  });

  it("leaves nothing open", async () => {
    expect(await runner.end()).toBe(0);
  });
});

describe("the test of snippets", () => {
  const snippet = (path: string, code: string) =>
    snippetsOf({ path, text: `# A page\n\n\`\`\`ts\n${code}\n\`\`\`\n` })[0] as Snippet;

  it("sees wrong types, in their line", () => {
    const wrong = snippet(
      "types.md",
      'import { openVectron } from "@vectron/local";\nopenVectron({ pth: "" });',
    );
    expect(checkTypes([wrong]).get(wrong.name)).toEqual([expect.stringMatching(/^line 5: .*'pth'/)]);
  });

  it("sees what is thrown, and what is not printed", async () => {
    checkTypes([]);
    const runner = new SnippetRunner();
    await expect(runner.run(snippet("throws.md", 'throw new Error("wrong");'))).rejects.toThrow("wrong");
    const silent = snippet("prints.md", "console.log(1); // => 2");
    const printed = await runner.run(silent);
    expect(() => expectInOrder(printed, silent.prints)).toThrow("expected it to print");
    await runner.end();
  });
});

/** How output is broken into lines makes no difference. */
function expectInOrder(output: string, texts: readonly string[]): void {
  const printed = squeeze(output);
  let from = 0;
  for (const text of texts.map(squeeze)) {
    const at = printed.indexOf(text, from);
    if (at < 0) expect.fail(`expected it to print\n${text}\nin what it printed\n${printed.slice(from)}`);
    from = at + text.length;
  }
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
