import { expect, test } from "vitest";
import { curlSnippet, pythonSnippet, savedAs, typeScriptSnippet } from "./snippets";

const ware = { url: "http://127.0.0.1:4021/guide", path: "/guide", price: "0.05", fileName: "My guide.pdf" };

test("what was bought is saved under the link's name with the file's ending", () => {
  expect(savedAs(ware)).toBe("guide.pdf");
  expect(savedAs({ path: "/a/b/song.wav", fileName: "Song.WAV" })).toBe("song.wav");
  expect(savedAs({ path: "/notes", fileName: "notes" })).toBe("notes");
  expect(savedAs({ path: "/x", fileName: "in\u202efdp.exe" })).toBe("x.exe");
  expect(savedAs({ path: `/${"a".repeat(511)}`, fileName: "a.pdf" }).length).toBeLessThan(100);
});

test("every snippet asks for the link", () => {
  for (const snippet of [curlSnippet, typeScriptSnippet, pythonSnippet]) {
    expect(snippet(ware)).toContain(ware.url);
  }
});

test("only above a dollar the clients are told that it may cost that much", () => {
  for (const price of ["0.05", "0.999999", "1", "1.00"]) {
    expect(typeScriptSnippet({ ...ware, price })).not.toContain("setSpendControls");
    expect(pythonSnippet({ ...ware, price })).not.toContain("set_spend_controls");
  }
  for (const price of ["1.000001", "1.50", "10.00", "25"]) {
    expect(typeScriptSnippet({ ...ware, price })).toContain(`maxAmountPerPayment: "$${price}"`);
    expect(pythonSnippet({ ...ware, price })).toContain(`"max_amount_per_payment": "$${price}"`);
  }
});

test("a link cannot end the text it stands in", () => {
  const url = `http://a.example/"'$(x)`;
  expect(curlSnippet({ ...ware, url })).toContain(`'http://a.example/"%27$(x)'`);
  expect(typeScriptSnippet({ ...ware, url })).toContain(JSON.stringify(url));
});
