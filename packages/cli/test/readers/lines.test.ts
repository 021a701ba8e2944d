import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GzipError, gunzip } from "../../src/readers/gunzip.ts";
import { splitLines } from "../../src/readers/lines.ts";

/** The bytes in chunks that end at those places. */
async function* chunked(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    yield bytes.subarray(from, place);
    from = place;
  }
}

async function linesOf(
  chunks: AsyncIterable<Buffer>,
): Promise<{ lines: string[]; damage: string | undefined }> {
  const all: string[] = [];
  let told: string | undefined;
  for await (const { lines, damage } of splitLines(chunks)) {
    all.push(...lines.map((line) => line.toString("utf8")));
    told ??= damage;
  }
  return { lines: all, damage: told };
}

const text = fc
  .array(fc.constantFrom("a", "é", "🙂", "\n", "\r\n", "\r", " "))
  .map((parts) => parts.join(""));

describe("lines", () => {
  it("are the same however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat()), fc.boolean(), async (content, cuts, hasMark) => {
        const expected = content.split("\n").map((line) => line.replace(/\r$/, ""));
        // A text that ends with a line feed has no line after it.
        if (content.endsWith("\n") || content === "") expected.pop();
        const bytes = Buffer.from((hasMark && content !== "" ? "\ufeff" : "") + content);
        expect(await linesOf(chunked(bytes, cuts))).toEqual({ lines: expected, damage: undefined });
      }),
    );
  });

  it("of a file without lines end before they take all memory", async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield Buffer.alloc(1_048_576, 0x61);
    }
    const { lines, damage } = await linesOf(endless());
    expect(lines).toEqual([]);
    expect(damage).toMatch(/longer than 64 MiB/);
  });
});

describe("gunzip", () => {
  it("gives out everything before the place where the data is cut off", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
        fc.array(fc.nat()),
        fc.nat(),
        async (bytes, cuts, cut) => {
          const packed = gzipSync(bytes);
          const kept = packed.subarray(0, 2 + (cut % (packed.length - 2)));
          const unpacked: Buffer[] = [];
          const reading = (async () => {
            for await (const chunk of gunzip(chunked(kept, cuts))) unpacked.push(chunk);
          })();
          await expect(reading).rejects.toThrow(GzipError);
          const all = Buffer.concat(unpacked);
          expect(all.equals(Buffer.from(bytes).subarray(0, all.length))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("unpacks members one after the other", async () => {
    const packed = Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]);
    expect(await linesOf(gunzip(chunked(packed, [3, 30])))).toEqual({
      lines: ["one", "two"],
      damage: undefined,
    });
  });
});
