/** The commands of {@code ./lab}. */
package replklab.cli;
