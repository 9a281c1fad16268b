/**
 * The vocabulary that charts are drawn with: scales, panels, marks, one style, and the picture that holds them. It knows nothing of
 * what is drawn, and leans on Java2D alone.
 */
package replklab.plot;
