import * as z from "zod/mini";

/** A part of an address that may be left out, and is left out where it is not what it should be. */
export function maybe<Out, In>(
  part: z.ZodMiniType<Out, In>,
): z.ZodMiniCatch<z.ZodMiniOptional<z.ZodMiniType<Out, In>>> {
  return z.catch(z.optional(part), undefined);
}
