/* The cutout's own script on the desk: its finish is changed and seen (finish/), a result is corrected with
 * brushes (correction.js). The brush comes last, so that it is over all else on the stage. */

import "./finish/finishing.js";
import "./correction.js";
