/** What {@code results/} holds: an experiment's report, the one page on all guidelines, and the files of both. */
package replklab.report;
