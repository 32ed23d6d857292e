/* What scripts find in the page besides the browser's own: for `tsc`, never served. */

/** htmx 2, as django-htmx serves it: the part that we call. */
declare const htmx: {
  ajax(verb: string, address: string, context: HtmxContext): Promise<void>;
  process(element: Element): void;
  trigger(target: Element | string, name: string, detail?: object): void;
};

interface HtmxContext {
  target?: string;
  swap?: string;
  source?: Element | string;
  values?: Record<string, unknown>;
  push?: string;
}

/** What carries files into the page before its modules have loaded (uploads/intake.js). */
interface Intake {
  /** The function gets what has come so far, then what comes. */
  to(add: (files: File[]) => void): void;
  /** Where a file lay in the folder that it came in; its name alone where it came by itself. */
  pathOf(file: File): string;
}
declare const intake: Intake;
interface Window {
  intake: Intake;
}

/** What htmx says with its events: the part that we read. */
interface HtmxDetail {
  elt: HTMLElement;
  target: HTMLElement;
  xhr: XMLHttpRequest;
  successful: boolean;
  failed: boolean;
  shouldSwap: boolean;
  isError: boolean;
  headers: Record<string, string>;
  formData: FormData;
  parameters: Record<string, string>;
  path: string;
  history: { type: "push" | "replace"; path: string };
  issueRequest(confirmed: boolean): void;
  pathInfo: { requestPath: string; finalRequestPath: string; responsePath: string | null };
  requestConfig: { elt: HTMLElement; verb: string; path: string; headers: Record<string, string> };
  serverResponse: string;
}

type HtmxEvent = CustomEvent<HtmxDetail>;

interface DocumentEventMap {
  "htmx:afterRequest": HtmxEvent;
  "htmx:afterSettle": HtmxEvent;
  "htmx:afterSwap": HtmxEvent;
  "htmx:beforeHistoryUpdate": HtmxEvent;
  "htmx:beforeRequest": HtmxEvent;
  "htmx:beforeOnLoad": HtmxEvent;
  "htmx:beforeSwap": HtmxEvent;
  "htmx:configRequest": HtmxEvent;
  "htmx:confirm": HtmxEvent;
  "htmx:oobAfterSwap": HtmxEvent;
  "htmx:responseError": HtmxEvent;
  "htmx:sendError": HtmxEvent;
  "htmx:timeout": HtmxEvent;
  /** Of the studio's own answers (HX-Trigger): what was thrown away or put away, and when. */
  "desk:deleted": CustomEvent<Gone>;
  "desk:put-away": CustomEvent<Gone>;
  "gallery:deleted": CustomEvent<Gone>;
  /** What was chosen in the strip is to have the finish of the photo that is open (filmstrip/multi-select.js). */
  "chosen:finish": CustomEvent<{ photos: string[]; address: string }>;
}

interface Gone {
  sentence: string;
  moment: string;
  count?: number;
  photo?: string;
}

/** Where an event comes from: an element of the page, with what a field has if it is one. */
type Origin = HTMLElement & Partial<Pick<HTMLInputElement, "name" | "value" | "checked" | "files">>;

interface Document {
  addEventListener<K extends keyof DocumentEventMap>(
    type: K,
    listener: (event: DocumentEventMap[K] & { readonly target: Origin }) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface HTMLElement {
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K] & { readonly target: Origin }) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface HTMLFormElement {
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K] & { readonly target: Origin }) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** What the options' form says of itself: another picture's are about to be shown, or are. */
interface HTMLElementEventMap {
  showing: CustomEvent<Made>;
  shown: CustomEvent<Made>;
}

/** What made the picture in view, as #made has it (editor/views/tools/base.py, Sight.made). */
interface Made {
  task: string;
  values: Record<string, string>;
  shows: { name?: string; address?: string };
}

/** What is looked for in a page is of HTML, unless it is said to be something else. */
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends Element = HTMLElement>(selectors: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends Element = HTMLElement>(selectors: string): NodeListOf<E>;
}
interface Element {
  closest<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  closest<E extends Element = HTMLElement>(selectors: string): E | null;
}

/** The fields of our forms that scripts read and write, by their names. */
interface HTMLFormControlsCollection {
  readonly align_x: HTMLInputElement;
  readonly align_y: HTMLInputElement;
  readonly aspect: RadioNodeList;
  readonly avoid: HTMLInputElement;
  readonly backdrop: HTMLInputElement;
  readonly background: RadioNodeList;
  readonly by: RadioNodeList;
  readonly copy_space: RadioNodeList;
  readonly csrfmiddlewaretoken?: HTMLInputElement;
  readonly exact: HTMLInputElement;
  readonly floor: HTMLInputElement;
  readonly height: HTMLInputElement;
  readonly kept_backdrop: HTMLInputElement;
  readonly margin: HTMLInputElement;
  readonly margin_of: RadioNodeList;
  readonly sides: HTMLInputElement;
  readonly mask: HTMLInputElement;
  readonly moment: HTMLInputElement;
  readonly negative_prompt: HTMLTextAreaElement;
  readonly place: HTMLInputElement;
  readonly prompt: HTMLTextAreaElement;
  readonly q: HTMLInputElement;
  readonly rectangles: HTMLInputElement;
  readonly relight: HTMLInputElement;
  readonly rotation: HTMLInputElement;
  readonly scaling: RadioNodeList;
  readonly seed: HTMLInputElement;
  readonly size_cm: HTMLInputElement;
  readonly tool: HTMLInputElement;
  readonly width: HTMLInputElement;
  readonly with_originals: HTMLInputElement;
}

/** The words of the page's language, which come before the modules (picwish_site/words.py). */
declare function gettext(message: string): string;
declare function ngettext(one: string, many: string, count: number): string;
declare function interpolate(message: string, values: Record<string, string | number>, named: true): string;
