/* The cutout's own script on the desk: a result is corrected with brushes (correction.js). */

import "./correction.js";
