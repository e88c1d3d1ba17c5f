import type { DataDelete } from "../../api/generated/DataDelete";
import type { DataDeletion } from "../../api/generated/DataDeletion";
import type { DataExported } from "../../api/generated/DataExported";
import type { DataFolderView } from "../../api/generated/DataFolderView";
import type { DiagnosticsView } from "../../api/generated/DiagnosticsView";
import type { EndpointCopies } from "../../api/generated/EndpointCopies";
import type { EndpointCopiesView } from "../../api/generated/EndpointCopiesView";
import type { EndpointCopyView } from "../../api/generated/EndpointCopyView";
import { money } from "./money";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const KEY_WORD = "delete keys";

/** What the next start deletes, and what was copied from elsewhere. */
export class Data {
  deletion: DataDeletion | null = null;
  /** Why the data file cannot be read. */
  problem: string | null = null;
  readonly copied = new Set<string>();
}

const KEPT = [
  { key: "keep-visits", usual: 800, least: 31, most: 3650 },
  { key: "keep-messages", usual: 30, least: 1, most: 30 },
  { key: "keep-logs", usual: 14, least: 1, most: 90 },
];

export function showData(stall: Stall): DataFolderView {
  const { shelf, book, environment, data, settings } = stall;
  const queued = book.queued();
  const owed = queued.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    folder: "/home/ada/.local/share/stallkeeper",
    freeBytes: 82_400_000_000,
    logBytes: 1_240_000,
    environments: [
      {
        environment,
        isOpen: true,
        databaseBytes: 4_820_000,
        otherBytes: 910_000,
        endpoints: shelf.endpoints.filter(({ state }) => state !== "removed").length,
        payments: book.payments.length,
        open: queued.length,
        atStake: money(owed),
        inFlight: 0,
        hasKey: true,
        problem: data.problem,
      },
    ],
    kept: KEPT.map((kept) => ({ ...kept, days: Number(settings.get(kept.key) ?? "") || kept.usual })),
    deletion: data.deletion,
    keyWord: KEY_WORD,
  };
}

export function deleteData(stall: Stall, request: DataDelete): DataFolderView {
  const { environment, word, withMoneyAtStake = false, keyWord } = request;
  if (word !== environment) {
    throw refuse("invalid_request", `Type ${environment} to delete all that ${environment} has.`);
  }
  if (keyWord !== undefined && keyWord !== KEY_WORD) {
    throw refuse("invalid_request", `Type ${KEY_WORD} to delete the gas wallet's key too.`);
  }
  if (stall.book.queued().length > 0 && !withMoneyAtStake) {
    throw refuse(
      "conflict",
      "Some payments are not on chain yet. Settle first, or say that this money may be lost.",
    );
  }
  stall.data.deletion = { environment, keys: keyWord !== undefined, problem: null };
  return showData(stall);
}

export function spareData(stall: Stall): DataFolderView {
  stall.data.deletion = null;
  return showData(stall);
}

export function exportAll(stall: Stall, folder: string): DataExported {
  const rows = stall.book.payments.length;
  const items = ["payments", "batches", "costs", "refunds"].map((what) => ({
    path: `${folder}/stallkeeper-${stall.environment}-${what}.csv`,
    rows: what === "payments" ? rows : 0,
    bytes: 120,
  }));
  return { items };
}

export function diagnostics(stall: Stall): DiagnosticsView {
  return {
    files: [
      { name: "about.json", bytes: 412 },
      { name: "settings.json", bytes: 980 },
      { name: "check-up.json", bytes: 1_204 },
      { name: "figures.json", bytes: 610 },
      { name: "log.jsonl", bytes: 184_320 },
    ],
    text: `Stallkeeper 0.1.0 on linux x86_64, ${stall.environment}, schema 36\nwell data_file: The data file is whole.\n`,
  };
}

/** What the other environments have in store. */
const ELSEWHERE: readonly EndpointCopyView[] = [
  {
    id: "11111111-1111-4111-8111-111111111111",
    path: "/field-guide",
    title: "Field guide",
    price: "0.05",
    change: "new",
    differs: [],
    why: null,
  },
  {
    id: "22222222-2222-4222-8222-222222222222",
    path: "/harbour",
    title: "Harbour at night",
    price: "0.20",
    change: "changed",
    differs: ["prices"],
    why: null,
  },
  {
    id: "33333333-3333-4333-8333-333333333333",
    path: "/stems",
    title: "Snare stems",
    price: "1.00",
    change: "refused",
    differs: [],
    why: "/stems is already the path of another endpoint there.",
  },
];

export function copies(stall: Stall, request: EndpointCopies, really: boolean): EndpointCopiesView {
  const { from = stall.environment, to = stall.environment, endpoints = [] } = request;
  // From here, what stands on this shelf; from elsewhere, what another one is said to have.
  const here: EndpointCopyView[] = stall.shelf.endpoints
    .filter(({ state }) => state !== "removed")
    .map(({ id, path, title }) => ({
      id,
      path,
      title,
      price: "0.05",
      change: "new",
      differs: [],
      why: null,
    }));
  const items = (from === stall.environment ? here : ELSEWHERE)
    .filter(({ id }) => endpoints.length === 0 || endpoints.includes(id))
    .map((item) =>
      stall.data.copied.has(item.id) ? { ...item, change: "same" as const, differs: [] } : item,
    );
  const going = items.filter(({ change }) => change === "new" || change === "changed");
  if (really) {
    for (const { id } of going) {
      stall.data.copied.add(id);
    }
  }
  return { from, to, items, copied: really ? going.length : 0 };
}
