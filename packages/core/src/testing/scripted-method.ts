import { type AuthService, authService } from "../gen/vectron/auth/v1/methods.ts";
import { type VectronService, vectronService } from "../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../transport/method.ts";

/** The remote methods by the names that scripts have for them. */
export type ScriptedServices = VectronService & Omit<AuthService, keyof VectronService>;

/** The name of a remote method in a script: `search`, `upsert`, `getCollectionStatus`, `login`. */
export type ScriptedMethod = keyof ScriptedServices;

const SERVICES = [vectronService, authService] as unknown as readonly Readonly<
  Record<string, MethodDescriptor<unknown, unknown>>
>[];

const NAME_OF_PATH = new Map(
  SERVICES.flatMap((service) =>
    Object.entries(service).map(([name, { path }]) => [path, name as ScriptedMethod] as const),
  ),
);

/** Whether scripts have such a name. */
export function isScriptedMethod(name: string): name is ScriptedMethod {
  return SERVICES.some((service) => name in service);
}

/** The name that scripts have for a remote method. */
export function scriptedMethod({ path }: Pick<MethodDescriptor<unknown, unknown>, "path">): ScriptedMethod {
  const name = NAME_OF_PATH.get(path);
  if (name === undefined) throw new TypeError(`${path} is not a method of Vectron's API`);
  return name;
}
