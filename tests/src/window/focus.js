// Whether somebody who looks at the page sees where the keyboard is: a ring around it or around the field it stands in.
const focus = document.activeElement;
const ring = (element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
};
for (let element = focus, out = 0; element !== null && out < 3; element = element.parentElement, out += 1) {
  if (ring(element)) {
    return true;
  }
}
return focus === document.body;
