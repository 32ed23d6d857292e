/* Sentences with values in them, and numbers, in the page's language.
 *
 * gettext() and ngettext() come with the page (words.js of its language); a message names its values, so that
 * a language can put them in its own order: phrase(gettext("%(name)s is gone."), { name }). */

/**
 * @param {string} message
 * @param {Record<string, string | number>} values
 */
export const phrase = (message, values) => interpolate(message, values, true);

/** @param {number} value */
export const figure = (value) => value.toLocaleString(document.documentElement.lang);
