/* The trash: ticking what is in it. All else on the page are forms. */
import { startBoard } from "./board.js";
import { startSelection } from "./selection.js";

const gallery = document.getElementById("gallery");

if (document.getElementById("selection")) {
  gallery.dataset.ready = "";
  startBoard(gallery);
  startSelection(gallery);
}
