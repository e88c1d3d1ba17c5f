import { expect, test } from "vitest";
import { agentPrompt, embedHtml } from "./embed";
import { axiosSnippet, curlSnippet, fetchSnippet, pythonSnippet, savedAs } from "./snippets";

const ware = { url: "http://127.0.0.1:4021/guide", method: "GET", price: "0.05", saveAs: "guide.pdf" };
const asked = { ...ware, url: "http://127.0.0.1:4021/weather/town", method: "POST", saveAs: null };
const ALL = [curlSnippet, fetchSnippet, axiosSnippet, pythonSnippet];

test("what was bought is saved under the link's name with the file's ending", () => {
  expect(savedAs("/guide", "My guide.pdf")).toBe("guide.pdf");
  expect(savedAs("/a/b/song.wav", "Song.WAV")).toBe("song.wav");
  expect(savedAs("/notes", "notes")).toBe("notes");
  expect(savedAs("/x", "in\u202efdp.exe")).toBe("x.exe");
  expect(savedAs(`/${"a".repeat(511)}`, "a.pdf").length).toBeLessThan(100);
});

test("every snippet asks for the link, and says how where it is asked in another way than downloads are", () => {
  for (const snippet of ALL) {
    expect(snippet(ware)).toContain(ware.url);
    expect(snippet(asked)).toContain("POST");
    expect(snippet(asked)).toMatch(/-d '\{\}'|JSON\.stringify\(\{\}\)|data: \{\}|json=\{\}/);
  }
});

test("a file is saved and an answer is shown", () => {
  for (const snippet of [fetchSnippet, axiosSnippet, pythonSnippet]) {
    expect(snippet(ware)).toContain('"guide.pdf"');
    expect(snippet(asked)).toMatch(/console\.log|print/);
    expect(snippet(asked)).not.toMatch(/writeFile|Path/);
  }
});

test("only above a dollar the clients are told that it may cost that much", () => {
  for (const price of ["0.05", "0.999999", "1", "1.00"]) {
    expect(fetchSnippet({ ...ware, price })).not.toContain("setSpendControls");
    expect(axiosSnippet({ ...ware, price })).not.toContain("setSpendControls");
    expect(pythonSnippet({ ...ware, price })).not.toContain("set_spend_controls");
  }
  for (const price of ["1.000001", "1.50", "10.00", "25"]) {
    expect(fetchSnippet({ ...ware, price })).toContain(`maxAmountPerPayment: "$${price}"`);
    expect(axiosSnippet({ ...ware, price })).toContain(`maxAmountPerPayment: "$${price}"`);
    expect(pythonSnippet({ ...ware, price })).toContain(`"max_amount_per_payment": "$${price}"`);
  }
});

test("a link cannot end the text it stands in", () => {
  const url = `http://a.example/"'$(x)`;
  expect(curlSnippet({ ...ware, url })).toContain(`'http://a.example/"%27$(x)'`);
  expect(fetchSnippet({ ...ware, url })).toContain(JSON.stringify(url));
  expect(axiosSnippet({ ...ware, url })).toContain(JSON.stringify(url));
});

test("an agent is told the most it may pay, and a page gets a link that nothing hostile leaves", () => {
  expect(agentPrompt(ware, "My guide")).toMatch(/at most \$0\.05[\s\S]*guide\.pdf/);
  expect(agentPrompt(asked, "Weather")).toContain("Show me the answer.");
  const html = embedHtml(`${ware.url}?a="b"`, `"><script>alert(1)</script>`, "0.05");
  expect(html).not.toContain("<script");
  expect(html.match(/</g)).toHaveLength(2);
  expect(html).toContain("$0.05");
});
