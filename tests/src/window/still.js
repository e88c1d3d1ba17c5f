// Whether a thing stands still where it can be seen: what is loaded above it may move it.
const [element, done] = arguments;
element.scrollIntoView({ block: "nearest" });
const place = () => {
  const { x, y } = element.getBoundingClientRect();
  return `${x} ${y}`;
};
const before = place();
setTimeout(() => done(place() === before), 100);
