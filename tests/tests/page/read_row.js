// The row in the middle of the list, as a person reads it there: its words without the time, and how high it stands.
const done = arguments[arguments.length - 1];
const { left, width, top, height } = document.querySelector("[role=grid]").parentElement.getBoundingClientRect();
const row = document.elementFromPoint(left + width / 2, top + height / 2).closest("tr");
const words = [...(row?.cells ?? [])].slice(1).map((cell) => cell.textContent);
done({ words: words.join(" "), top: row?.getBoundingClientRect().top });
