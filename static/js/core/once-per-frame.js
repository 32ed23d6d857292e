/* Work that many events ask for and that is done once, before the next frame. */

/**
 * @param {() => void} work
 * @returns {() => void} what asks for it
 */
export function oncePerFrame(work) {
  let frame = 0;
  return () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      work();
    });
  };
}
