/**
 * Loads code that needs optional dependencies.
 *
 * @param feature - what needs them, for the error: `startServer`
 * @param packages - what to install
 * @throws Error naming the packages, when one is not installed
 */
export async function loadOptional<T>(
  load: () => Promise<T>,
  feature: string,
  packages: readonly string[],
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isModuleMissing(error)) throw error;
    const command = `npm install ${packages.join(" ")}`;
    throw new Error(`${feature} needs packages that are not installed: ${command}`, { cause: error });
  }
}

function isModuleMissing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
