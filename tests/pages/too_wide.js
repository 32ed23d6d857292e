/* Returns what does not fit into the window's width, in words; nothing where all does.
 *
 * The page must not scroll sideways, nor must a sheet that lies over it. What can be seen may stand out
 * of the window only within something that is made to be scrolled sideways, or that cuts it off. */
() => {
  const found = [];
  const root = document.documentElement;
  const name = (one) => `${one.tagName.toLowerCase()}.${String(one.className.baseVal ?? one.className).replaceAll(" ", ".")}`;
  if (root.scrollWidth > innerWidth) found.push(`the page: ${root.scrollWidth} of ${innerWidth}`);
  for (const sheet of document.querySelectorAll("dialog[open], .panel, .menu[open] > .menu-body, main")) {
    if (sheet.scrollWidth > sheet.clientWidth + 1) found.push(`${name(sheet)}: ${sheet.scrollWidth} in ${sheet.clientWidth}`);
  }
  const isHeld = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  for (const one of document.body.querySelectorAll("*")) {
    const box = one.getBoundingClientRect();
    const fits = box.right <= innerWidth + 1 && box.left >= -1;
    if (!box.width || !box.height || fits) continue;
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (getComputedStyle(one).clipPath !== "none" || isHeld(one)) continue;
    found.push(`${name(one)}: ${Math.round(box.left)} to ${Math.round(box.right)} of ${innerWidth}`);
  }
  return found.slice(0, 6);
}
