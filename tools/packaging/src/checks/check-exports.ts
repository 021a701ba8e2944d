import type { ConditionalExport } from "../packages/manifest.ts";
import { type PackedPackage, packedFiles, packedManifest } from "../packages/pack.ts";

/**
 * Conditions that hold for `require` and `import` alike, in runtimes whose `require` loads modules: `bun` in Bun,
 * `module-sync` in Node and Deno. They come first so that both load one copy: with two, a class of one is not the
 * class of the other.
 */
const ONE_COPY = ["bun", "module-sync"];
/** The conditions of every entry, in the order in which a resolver tries them. */
const CONDITIONS = [...ONE_COPY, "import", "require"];

/** The `exports` map: conditions, their order, and that what they name is there and fits. */
export function checkExports(packed: PackedPackage): string[] {
  const files = new Set(packedFiles(packed).map((file) => `./${file}`));
  const { exports = {}, bin = {} } = packedManifest(packed);
  if (Object.keys(exports).length === 0 && Object.keys(bin).length > 0) return [];
  const missing = exports["./package.json"] === undefined ? ['exports: "./package.json" is missing'] : [];
  const problems = Object.entries(exports).flatMap(([subpath, target]) =>
    (typeof target === "string" ? checkFile(target, files) : checkConditions(target, files)).map(
      (problem) => `exports["${subpath}"]: ${problem}`,
    ),
  );
  return [...missing, ...problems];
}

function checkFile(file: string, files: ReadonlySet<string>): string[] {
  return files.has(file) ? [] : [`${file} is not in the package`];
}

function checkConditions(target: ConditionalExport, files: ReadonlySet<string>): string[] {
  const conditions = Object.keys(target);
  if (conditions.join() !== CONDITIONS.join()) {
    return [`conditions must be ${CONDITIONS.join(", ")}, in this order; they are ${conditions.join(", ")}`];
  }
  const others = ONE_COPY.filter(
    (condition) => JSON.stringify(target[condition]) !== JSON.stringify(target.import),
  );
  if (others.length > 0) return others.map((name) => `${name} and import must name the same files`);
  return Object.entries(target).flatMap(([condition, { types = "", default: code = "" }]) => {
    if (Object.keys(target[condition] ?? {}).join() !== "types,default") {
      return [`${condition} must have types, then default`];
    }
    const suffix = condition === "require" ? "c" : "";
    const shapes = [
      ...(types.endsWith(`.d.${suffix}ts`) ? [] : [`${condition}: ${types} must end with .d.${suffix}ts`]),
      ...(code.endsWith(`.${suffix}js`) ? [] : [`${condition}: ${code} must end with .${suffix}js`]),
    ];
    return [...shapes, ...checkFile(types, files), ...checkFile(code, files)];
  });
}
