/** The program's version, from the workspace's Cargo.toml (vite.config.ts). */
declare const __VERSION__: string;
