// The rules cannot judge text on a gradient. Text that can be read on each of a gradient's colours can be read on all of
// it: `plain(n)` shows each gradient as its nth colour, and says whether any has so many; `plain(-1)` is the page itself.
window.plain = (n) => {
  const parts = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { mixed: [red, green, blue], alpha };
  };
  const over = (front, back) =>
    `rgb(${front.mixed.map((part, at) => part * front.alpha + back.mixed[at] * (1 - front.alpha)).join(" ")})`;
  let some = false;
  for (const element of document.querySelectorAll("*")) {
    element.style.removeProperty("background-image");
    element.style.removeProperty("background-color");
    const style = getComputedStyle(element);
    if (!style.backgroundImage.includes("gradient(")) continue;
    const colours = style.backgroundImage.match(/rgba?\([^)]*\)/g);
    if (n < 0) continue;
    some ||= n < colours.length;
    const front = colours[Math.min(n, colours.length - 1)];
    const behind = parts(style.backgroundColor);
    const colour = behind.alpha === 1 ? over(parts(front), behind) : front;
    element.style.setProperty("background-image", "none");
    element.style.setProperty("background-color", colour);
  }
  return some;
};
