import { expect, test } from "vitest";
import type { EndpointView } from "../../api/generated/EndpointView";
import { advance, fileName, type Queue, type Step } from "./queue";

const closed: Queue = { waiting: [], done: 0, open: false, published: null };
const endpoint = { id: "1" } as EndpointView;
const after = (...steps: Step[]) => steps.reduce(advance, closed);

test("several files are priced one after the other", () => {
  const first = after({ kind: "offer", files: ["a", "b"] });
  expect(first).toMatchObject({ waiting: ["a", "b"], open: true });
  const shown = advance(first, { kind: "published", file: "a", endpoint });
  expect(shown).toMatchObject({ waiting: ["b"], done: 1, published: endpoint });
  expect(advance(shown, { kind: "next" })).toMatchObject({
    waiting: ["b"],
    done: 1,
    published: null,
    open: true,
  });
});

test("after the last one the sheet closes", () => {
  expect(after({ kind: "offer", files: ["a"] }, { kind: "next" }).open).toBe(false);
});

test("a file that is dropped while another is priced waits for its turn, once", () => {
  const queue = after({ kind: "offer", files: ["a"] }, { kind: "offer", files: ["b", "a", "b"] });
  expect(queue.waiting).toEqual(["a", "b"]);
});

test("what is dropped later comes before what was left unfinished", () => {
  const queue = after(
    { kind: "offer", files: ["a"] },
    { kind: "close", kept: ["a"] },
    { kind: "offer", files: ["b"] },
  );
  expect(queue.waiting).toEqual(["b", "a"]);
});

test("a closed sheet keeps what was typed about and what waits, and nothing else", () => {
  const open = after({ kind: "offer", files: ["a", "b"] });
  expect(advance(open, { kind: "close", kept: [] }).waiting).toEqual(["b"]);
  expect(advance(open, { kind: "close", kept: ["a"] }).waiting).toEqual(["a", "b"]);
});

test("closing the sheet on a published file keeps the files behind it", () => {
  const shown = after({ kind: "offer", files: ["a", "b"] }, { kind: "published", file: "a", endpoint });
  expect(advance(shown, { kind: "close", kept: [] })).toMatchObject({ waiting: ["b"], published: null });
});

test("a file that is published after its sheet was closed opens nothing", () => {
  const queue = after(
    { kind: "offer", files: ["a"] },
    { kind: "close", kept: ["a"] },
    { kind: "published", file: "a", endpoint },
  );
  expect(queue).toMatchObject({ waiting: [], open: false, published: null });
});

test("a file's name is the last part of its path on every system", () => {
  expect(fileName("/home/ada/a b.pdf")).toBe("a b.pdf");
  expect(fileName("C:\\Users\\Ada\\song.wav")).toBe("song.wav");
  expect(fileName("/home/ada/folder/")).toBe("folder");
});
