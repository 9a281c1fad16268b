/** Benchmarks: ours beside every peer that is installed, in one run. */
package replklab.bench;
