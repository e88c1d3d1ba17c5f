// What may be meant by a role and a name. The browser then says of each what it really is and is called.
const [root, role, name] = arguments;
const KINDS = {
  button: "button, summary, input[type=button], input[type=submit]",
  link: "a[href]",
  textbox: "input, textarea",
  heading: "h1, h2, h3, h4",
  table: "table",
  row: "tr",
  cell: "td",
  list: "ul, ol",
  listitem: "li",
  region: "section",
  navigation: "nav",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  image: "img, svg",
};
const selector = [`[role="${role}"]`, ...(KINDS[role] ? [KINDS[role]] : [])].join(", ");
const named = (element) =>
  (element.getAttribute("aria-labelledby") ?? "")
    .split(" ")
    .map((id) => (id === "" ? "" : (document.getElementById(id)?.textContent ?? "")));
const mayBeCalled = (element) =>
  [
    element.textContent,
    ...["aria-label", "title", "placeholder", "alt", "value"].map((each) => element.getAttribute(each)),
    ...named(element),
    ...[...(element.labels ?? [])].map((label) => label.textContent),
  ].join(" ");
const plain = (text) => text.replace(/\s+/g, "");
return [...(root ?? document).querySelectorAll(selector)].filter(
  (element) => element.checkVisibility() && plain(mayBeCalled(element)).includes(plain(name)),
);
