/* What the stage shows of a photo until its picture has come: the strip's thumbnail of it at the picture's
 * place, out of focus, and a line that says that something is on its way.
 *
 * new StandIn(stage, strip): show(photoId), hide(). */
export class StandIn {
  /**
   * @param {Stage} stage
   * @param {{ links: HTMLElement[] }} strip
   */
  constructor(stage, strip) {
    this.stage = stage;
    this.strip = strip;
    this.body = document.createElement("div");
    this.body.className = "stand-in";
    this.body.hidden = true;
    this.picture = document.createElement("img");
    this.picture.alt = "";
    const line = document.createElement("progress");
    line.setAttribute("aria-label", gettext("The picture is on its way"));
    this.body.append(this.picture, line);
    stage.section.append(this.body);
  }

  /** @param {string} id */
  show(id) {
    const frame = this.strip.links.find((link) => link.dataset.photo === id);
    const thumbnail = frame?.querySelector("img");
    this.picture.hidden = !thumbnail?.naturalWidth;
    if (thumbnail) this.picture.src = thumbnail.currentSrc;
    const { top, right, bottom, left } = this.stage.view.margins;
    this.body.style.padding = `${top}px ${right}px ${bottom}px ${left}px`;
    this.body.hidden = false;
    this.stage.section.setAttribute("aria-busy", "true");
  }

  hide() {
    this.body.hidden = true;
    this.picture.removeAttribute("src");
    this.stage.section.removeAttribute("aria-busy");
  }
}
