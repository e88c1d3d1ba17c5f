// From the press that opens the list to the frame in which its first rows are drawn, in milliseconds.
const done = arguments[arguments.length - 1];
const began = performance.now();
[...document.querySelectorAll("nav a")].find((link) => link.textContent.includes("Payments")).click();
const look = () => {
  if (document.querySelectorAll("[role=grid] tbody tr time").length < 10) {
    requestAnimationFrame(look);
    return;
  }
  // Messages come after the frame that was being made.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(Math.round(performance.now() - began));
  port2.postMessage(null);
};
look();
