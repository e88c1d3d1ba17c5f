/** What a stall sells in a scenario. */
export interface Ware {
  file: string;
  title: string;
  path: string;
  price: string;
  mode?: "instant";
}

const folder = "/home/ada/For sale";

/** What a small stall sells. */
export const FEW: readonly Ware[] = [
  { file: `${folder}/harbour-at-dawn.jpg`, title: "Harbour at dawn", path: "/harbour", price: "0.05" },
  {
    file: `${folder}/field-notes-autumn.pdf`,
    title: "Field notes, autumn",
    path: "/field-notes",
    price: "0.20",
  },
  {
    file: `${folder}/kick-and-snare-stems.zip`,
    title: "Kick and snare stems",
    path: "/stems",
    price: "1.50",
  },
  {
    file: `${folder}/tide-tables-2027.csv`,
    title: "Tide tables 2027",
    path: "/tides",
    price: "0.015",
    mode: "instant",
  },
];

const SUBJECTS = ["Harbour", "Old town", "Salt marsh", "Night train", "Winter market", "Lighthouse"];
const KINDS = [
  { kind: "photographs", ending: "zip", price: "0.80" },
  { kind: "field recording", ending: "wav", price: "0.35" },
  { kind: "essay", ending: "epub", price: "0.10" },
  { kind: "data", ending: "csv", price: "0.025" },
];

/** What a large stall sells. */
export const MANY: readonly Ware[] = SUBJECTS.flatMap((subject) =>
  KINDS.map(({ kind, ending, price }) => {
    const slug = `${subject} ${kind}`.toLowerCase().replaceAll(" ", "-");
    return { file: `${folder}/${slug}.${ending}`, title: `${subject}, ${kind}`, path: `/${slug}`, price };
  }),
);

const TITLES = [
  `<script>document.title = "taken"</script>`,
  `"><img src=x onerror="document.title='taken'">`,
  "invoice\u202efdp.exe",
  "har\u200bbour\u200d\u2060\ufeff at\u00ad dawn",
  "Long".repeat(50),
  `${"word ".repeat(39)}last`,
  "👩‍👩‍👧‍👦🏳️‍🌈🧑🏿‍🚀".repeat(8),
  "Z̵̛̤͚̈́̀a̷̢̛͖͐l̶̰̎̚g̴̨̛̺̈́o̶͙̔",
  "=1+1",
  "مرحبا بالعالم — שלום",
  "'; drop table payments; --",
  "{{7*7}} #{7*7} %s %n",
];

/** Names that break careless screens, with the smallest price and a very large one. */
export const HOSTILE: readonly Ware[] = TITLES.map((title, place) => ({
  file: `${folder}/${title.replaceAll("/", "∕")}.pdf`,
  title,
  path: place === 0 ? `/${"a".repeat(511)}` : `/hostile-${place}`,
  price: place === 0 ? "0.000001" : place === 1 ? "1234567.891234" : "0.05",
}));
