import { type PackedPackage, packedText } from "../../src/packages/pack.ts";

const CODE = /```(?:ts|js)\n([\s\S]*?)```/;
const IMPORT = /^import \{([^}]*)\} from ("[^"]+");$/gm;

/** A package's first snippet: what a newcomer copies. It is a whole program, and prints what it found. */
export function readmeProgram(packed: PackedPackage): string {
  const program = CODE.exec(packedText(packed, "README.md"))?.[1];
  if (program === undefined) throw new Error(`the README of ${packed.name} has no program`);
  return program;
}

/** The packages that a program imports beside `own`: its README has them installed, too. */
export function companions(program: string, own: string): string[] {
  const specifiers = [...program.matchAll(IMPORT)].map(([, , from]) => JSON.parse(from as string) as string);
  const names = specifiers
    .filter((specifier) => !specifier.startsWith("node:"))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)].filter((name) => name !== own);
}

/** The addresses that snippets have, and what stands there in a test. */
export interface Addresses {
  readonly grpcAddress: string;
  readonly httpUrl: string;
}

/** Turns a snippet to a server of this machine. */
export function at(program: string, { grpcAddress, httpUrl }: Addresses): string {
  return program
    .replaceAll(/"localhost:8081"/g, JSON.stringify(grpcAddress))
    .replaceAll(/"https:\/\/[\w.]+example\.com"/g, JSON.stringify(httpUrl));
}

/** The same program in CommonJS, for snippets in the part of TypeScript that is JavaScript. */
export function asCommonJs(program: string): string {
  const { imports, body } = split(program);
  const required = imports.replaceAll(IMPORT, (_all, names: string, from: string) => {
    return `const {${names.replaceAll(" as ", ": ")}} = require(${from});`;
  });
  if (/^import /m.test(required)) throw new Error("the snippet has an import of another form");
  return required + inFunction(body);
}

/** The same program without `await` at its top level, which no bundle in CommonJS can have. */
export function withoutTopLevelAwait(program: string): string {
  const { imports, body } = split(program);
  return imports + inFunction(body);
}

function split(program: string): { imports: string; body: string } {
  const imports = (program.match(IMPORT) ?? []).map((line) => `${line}\n`).join("");
  return { imports, body: program.replaceAll(IMPORT, "") };
}

function inFunction(body: string): string {
  return `(async () => {${body}})().catch((error) => {\n  console.error(error);\n  process.exitCode = 1;\n});\n`;
}
