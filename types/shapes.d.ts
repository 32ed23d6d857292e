/* The words that scripts share for what lies on the stage. */

/** Of the world (a picture's pixels) or of the screen (the canvas's own), as the place says. */
interface Point {
  x: number;
  y: number;
}
interface Size {
  width: number;
  height: number;
}
interface Box extends Point, Size {}

/** A box that was drawn with the eraser (tools/erase/marks.js), in the picture's pixels. */
interface MarkedBox extends Box {
  id: string;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Stage = import("../static/js/stage/stage.js").Stage;
type View = import("../static/js/stage/view.js").View;

/** What a hand does on the stage (stage/gestures.js): point and path are of the world. */
interface Gesture {
  type: "down" | "move" | "up" | "cancel";
  point: Point;
  path: Point[];
  event: PointerEvent;
}

/** Two fingers of a gesture that a layer took: how much they moved apart, and where their middle was and is. */
interface Pinch {
  by?: number;
  from?: Point;
  to?: Point;
  end?: boolean;
}

/** What the stage draws (stage/layers.js). */
interface Layer {
  draw(context: CanvasRenderingContext2D, stage: Stage): void;
  pointer?(gesture: Gesture, stage: Stage): boolean;
  pinch?(pinch: Pinch, stage: Stage): void;
  wheel?(turned: { point: Point; by: number }, stage: Stage): boolean;
  dispose?(): void;
}

type Picture = import("../static/js/stage/picture.js").Picture;

/** What can lie on the stage as a photo or its result: a picture, or one that is made as it is drawn. */
interface Drawn extends Size {
  /** Whether it lies on the photo as it is; a plain picture does not know. */
  aligned?: boolean;
  draw(context: Context, box: Box, clip: Box): void;
  dispose(): void;
}
type PhotoLayer = import("../static/js/stage/layers.js").PhotoLayer;
type Sheet = import("../static/js/tools/erase/marks.js").Sheet;
type Placing = import("../static/js/tools/scene/placement.js").Placing;

/** What is done to a cutout once it is cut out (editor/engines/finishing/finish.py says what each means). */
interface Finish {
  version?: number;
  canvas: "photo" | "content" | "ratio" | "exact";
  ratio: number[];
  width: number;
  height: number;
  reference: "subject" | "photo";
  margins: number[];
  margin_of: "canvas" | "subject" | "px";
  scaling: "stay" | "keep" | "fit" | "fill";
  share: number;
  enlarge: boolean;
  align: number[];
  rotation: number;
  background: string;
  backdrop_zoom: number;
  backdrop_at: number[];
  backdrop_blur: number;
  shadow: "" | "contact" | "drop" | "reflection";
  shadow_strength: number;
  shadow_softness: number;
  shadow_direction: number;
  exposure: number;
  warmth: number;
  tint: number;
  size: string;
  format: string;
}

/** A picture of somebody's own that is behind a cutout. */
interface Backdrop {
  id: string;
  address: string;
  name: string;
}
