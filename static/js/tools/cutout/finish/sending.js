/* Sending what was changed: not while it is changed, but once nobody moves it for a moment.
 *
 * new Sending({ send, onAnswer, onLost, onChange }): want(wish) keeps the newest wish and sends it after a pause;
 * now() sends it at once and is done when nothing is left to send. One is under way at a time, the newest follows.
 *   send(wish) → Promise of an answer, or null where it was refused; throws where nobody could be reached:
 *   then it is kept, and tried again a little later; onLost(error) says so once.
 *   onChange(): something is pending, or nothing is any more. */
const PAUSE = 400; // ms
const AGAIN = 4000; // ms

export class Sending {
  #wish = null;
  #timer = 0;
  #underWay = null;
  #lost = false;

  constructor({ send, onAnswer, onLost, onChange }) {
    this.onChange = onChange;
    this.send = send;
    this.onAnswer = onAnswer;
    this.onLost = onLost;
    addEventListener("online", () => this.now());
  }

  get pending() {
    return this.#wish !== null || this.#underWay !== null;
  }

  /** Something was changed, and more of it may come. */
  want(wish) {
    this.#wish = wish;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), PAUSE);
    this.onChange();
  }

  /** @returns {Promise<void>} once all is sent, or nobody could be reached */
  now() {
    clearTimeout(this.#timer);
    this.#underWay ??= this.#sendAll().finally(() => {
      this.#underWay = null;
      this.onChange();
    });
    return this.#underWay;
  }

  async #sendAll() {
    while (this.#wish) {
      const wish = this.#wish;
      this.#wish = null;
      try {
        const answer = await this.send(wish);
        this.#lost = false;
        if (answer) this.onAnswer(answer, wish, this.#wish !== null);
      } catch (error) {
        this.#wish ??= wish;
        if (!this.#lost) this.onLost(error); // once: it is tried again without a word
        this.#lost = true;
        this.#timer = setTimeout(() => this.now(), AGAIN);
        return;
      }
    }
  }

  /** What is not sent yet, for a page that goes. */
  take() {
    clearTimeout(this.#timer);
    const wish = this.#wish;
    this.#wish = null;
    return wish;
  }
}
