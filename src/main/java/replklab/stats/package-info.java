/**
 * What runs gave, as numbers: rows, means with Student's intervals, contrasts paired by seed, verdicts by rule. Nothing is printed or
 * drawn here.
 */
package replklab.stats;
