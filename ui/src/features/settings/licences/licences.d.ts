/** What the programs are made of, collected when the window is built (`licences.ts` beside vite.config.ts). */
declare module "virtual:licences" {
  export const items: { name: string; version: string; licence: string; texts: number[] }[];
  export const texts: string[];
}
